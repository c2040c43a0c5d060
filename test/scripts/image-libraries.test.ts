import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { parseLdd } from "../../scripts/image/shared-libraries.ts";

describe("the list of a program's shared libraries", () => {
  it("is read from a glibc machine's ldd, without the kernel's own library", () => {
    const output = `\tlinux-vdso.so.1 (0x00007fd96e1b8000)
\tlibm.so.6 => /lib/x86_64-linux-gnu/libm.so.6 (0x00007fd96e0c2000)
\tlibc.so.6 => /lib/x86_64-linux-gnu/libc.so.6 (0x00007fd96dc1e000)
\t/lib64/ld-linux-x86-64.so.2 (0x00007fd96e1ba000)\n`;
    assert.deepEqual(parseLdd(output, "node"), {
      libraries: [
        { name: "libm.so.6", file: "/lib/x86_64-linux-gnu/libm.so.6" },
        { name: "libc.so.6", file: "/lib/x86_64-linux-gnu/libc.so.6" },
      ],
      loader: "/lib64/ld-linux-x86-64.so.2",
    });
  });

  it("is read from a musl machine's ldd, where the loader is the C library", () => {
    const output = `\t/lib/ld-musl-x86_64.so.1 (0x7f7c0a5e2000)
\tlibstdc++.so.6 => /usr/lib/libstdc++.so.6 (0x7f7c03a00000)
\tlibc.musl-x86_64.so.1 => /lib/ld-musl-x86_64.so.1 (0x7f7c0a5e2000)\n`;
    assert.deepEqual(parseLdd(output, "node"), {
      libraries: [
        { name: "libstdc++.so.6", file: "/usr/lib/libstdc++.so.6" },
        { name: "libc.musl-x86_64.so.1", file: "/lib/ld-musl-x86_64.so.1" },
      ],
      loader: "/lib/ld-musl-x86_64.so.1",
    });
  });

  it("names the library that is not on the machine", () => {
    assert.throws(() => parseLdd("\tlibatomic.so.1 => not found\n", "/opt/node"), /\/opt\/node needs libatomic\.so\.1/);
  });

  it("is refused for a program without a loader", () => {
    assert.throws(() => parseLdd("\tstatically linked\n", "/opt/node"), /no loader/);
  });
});
