/** printf's verbs, flags, widths, precisions and error forms, as Go prints them. */

import { test } from "node:test";
import { assertOutcomes } from "./core-fixture.ts";

test("a verb prints its own kinds and reports the others", () => {
  assertOutcomes([
    ['{{printf "%d %s %v %q %t" 1 "a" 1.5 "q" true}}', '1 a 1.5 "q" true'],
    ['{{printf "%d" "x"}}', "%!d(string=x)"],
    ['{{printf "%s|%t|%f" 1 1 1}}', "%!s(int=1)|%!t(int=1)|%!f(int=1)"],
    ['{{printf "%z %!" 1}}', "%!z(int=1) %!!(MISSING)"],
    ['{{printf "%d %s" nil nilv}}', "%!d(<nil>) %!s(<nil>)"],
    ['{{printf "%w" 1}}', "%!w(int=1)"],
  ]);
});

test("missing, extra and badly indexed arguments are written into the text", () => {
  assertOutcomes([
    ['{{printf "%d"}}', "%!d(MISSING)"],
    ['{{printf "x" 1 nil}}', "x%!(EXTRA int=1, <nil>)"],
    ['{{printf "%"}}', "%!(NOVERB)"],
    ['{{printf "%[3]d" 1}}', "%!d(BADINDEX)"],
    ['{{printf "%[x]d" 1}}', "%!d(BADINDEX)"],
    ['{{printf "%[1" 1}}', "%!(NOVERB)"],
    ['{{printf "%*d" "a" 1}}', "%!(BADWIDTH)1"],
    ['{{printf "%.*d" -1 1}}', "%!(BADPREC)1"],
  ]);
});

test("argument indexes and stars choose arguments", () => {
  assertOutcomes([
    ['{{printf "%[2]d %[1]d" 1 2}}', "2 1"],
    ['{{printf "%*d|%-*d|" 5 1 5 1}}', "    1|1    |"],
    ['{{printf "%.*f" 2 3.14159}}', "3.14"],
    ['{{printf "%[2]*.[1]*f" 1 8 2.5}}', "%!f(int=       8)"],
    ['{{printf "%[1]v %[1]T" 1.5}}', "1.5 float64"],
  ]);
});

test("integers have bases, signs, widths and precisions", () => {
  assertOutcomes([
    ['{{printf "%b %o %O %x %X %c %U %#U %q" 5 8 8 255 255 65 65 65 65}}', "101 10 0o10 ff FF A U+0041 U+0041 'A' 'A'"],
    ['{{printf "%#b %#o %#x %#X" 5 8 255 255}}', "0b101 010 0xff 0XFF"],
    ['{{printf "%+d|% d|%05d|%-5d|%5d|%x" 5 5 -42 7 7 -255}}', "+5| 5|-0042|7    |    7|-ff"],
    ['{{printf "%.3d|%8.3d|%-8.3d|%08.3d|%.0d|" 5 5 5 5 0}}', "005|     005|005     |     005||"],
    ['{{printf "%c %U %q" -1 -1 0x110000}}', "� U+FFFFFFFFFFFFFFFF '�'"],
    ['{{printf "%v %d %#v" (u8 200) (i64 -3) (u8 7)}}', "200 -3 0x7"],
  ]);
});

test("floats print shortest by default and exactly rounded with a precision", () => {
  assertOutcomes([
    ['{{printf "%v %v %v %v %v" 1000000.0 999999.5 1e20 0.0001 0.00001}}', "1e+06 999999.5 1e+20 0.0001 1e-05"],
    [
      '{{printf "%e %E %f %F %g %G" 1.5 1.5 1.5 1.5 1e21 1e-7}}',
      "1.500000e+00 1.500000E+00 1.500000 1.500000 1e+21 1E-07",
    ],
    ['{{printf "%.0f %.0f %.0f %.0f" 0.5 1.5 2.5 3.5}}', "0 2 2 4"],
    ['{{printf "%.3g %.10g %.2e %.1f" 1234.5678 1234.5678 9.999 0.25}}', "1.23e+03 1234.5678 1.00e+01 0.2"],
    ['{{printf "%.25f" 0.1}}', "0.1000000000000000055511151"],
    [
      '{{printf "%b %x %X %.3x" 1.5 1.5 0.1 3.14159}}',
      "6755399441055744p-52 0x1.8p+00 0X1.999999999999AP-04 0x1.922p+01",
    ],
    ['{{printf "%#g %#v %#.3x %#f" 1.0 1.0 1.0 1.0}}', "1.00000 1 0x1.000p+00 1.000000"],
    [
      '{{printf "%8.3f|%-8.2f|%+.1e|%08.3f|% f" 3.14159 2.5 12345.678 -3.14159 1.0}}',
      "   3.142|2.50    |+1.2e+04|-003.142| 1.000000",
    ],
    ['{{f32 0.1}} {{printf "%v %.9f" (f32 3.3) (f32 3.3)}}', "0.1 3.3 3.299999952"],
    [
      "{{1.7976931348623157e308}} {{5e-324}} {{-0.0}} {{9007199254740993.0}}",
      "1.7976931348623157e+308 5e-324 -0 9.007199254740992e+15",
    ],
  ]);
});

test("strings are cut and padded by runes, and quoted or written in hexadecimal", () => {
  assertOutcomes([
    ['{{printf "%10s|%-10s|%.2s|%5.1s|" .uni .uni .uni .uni}}', "   héllo €|héllo €   |hé|    h|"],
    ['{{printf "%q %+q %#q %#q" .uni .uni .uni "a`b"}}', '"héllo €" "h\\u00e9llo \\u20ac" `héllo €` "a`b"'],
    [
      '{{printf "%x|% x|%#x|% #x|%X|%.1x" .uni .uni .uni .uni .uni .uni}}',
      "68c3a96c6c6f20e282ac|68 c3 a9 6c 6c 6f 20 e2 82 ac|0x68c3a96c6c6f20e282ac|0x68 0xc3 0xa9 0x6c 0x6c 0x6f 0x20 0xe2 0x82 0xac|68C3A96C6C6F20E282AC|68",
    ],
    ['{{printf "%q %q" "\\xff\\x00\\a" "\\u2028\\ufeff\\U0001F600"}}', '"\\xff\\x00\\a" "\\u2028\\ufeff😀"'],
    ['{{printf "%08s|%-08s|" "ab" "ab"}}', "000000ab|ab      |"],
  ]);
});

test("lists, maps, structs and bytes print their elements by the same verb", () => {
  assertOutcomes([
    [
      '{{printf "%v %v" (list 1 "a" nil (list true)) (dict "z" (list 1 2) "a" (dict "q" nil))}}',
      "[1 a <nil> [true]] map[a:map[q:<nil>] z:[1 2]]",
    ],
    ['{{printf "%s %q %d" (strs "a" "b") (strs "a" "b") (list 1 "a")}}', '[a b] ["a" "b"] [1 %!d(string=a)]'],
    [
      '{{printf "%#v %#v %#v" (list 1 "a" nil 1.5) (dict "a" 1) (ints 1 2)}}',
      '[]interface {}{1, "a", interface {}(nil), 1.5} map[string]interface {}{"a":1} []int{1, 2}',
    ],
    [
      '{{printf "%s %v %d %x %X %q %#v" (bytes "ab") (bytes "ab") (bytes "ab") (bytes "ab") (bytes "ab") (bytes "ab") (bytes "ab")}}',
      'ab [97 98] [97 98] 6162 6162 "ab" []byte{0x61, 0x62}',
    ],
    ['{{printf "%v %+v %#v" (p) (p) (p)}}', '{1 b 3} {A:1 B:b c:3} main.P{A:1, B:"b", c:3}'],
    [
      '{{printf "%v %s %d %x %q %5s|%v" (s) (s) (s) (s) (s) (s) (list (s))}}',
      'S<4> S<4> {4} 533c343e "S<4>"  S<4>|[S<4>]',
    ],
    ['{{printf "%05d" (ints 1 2)}}', "[00001 00002]"],
    ["{{list}} {{dict}} {{strs}} {{list nil}}", "[] map[] [] [<nil>]"],
  ]);
});

test("types are named as Go names them", () => {
  assertOutcomes([
    [
      '{{printf "%T %T %T %T %T %T %T" nil 1 1.0 "a" true (list) (dict)}}',
      "<nil> int float64 string bool []interface {} map[string]interface {}",
    ],
    [
      '{{printf "%T %T %T %T %T %T" . (bytes "") 1i (s) (u8 1) \'a\'}}',
      "map[string]string []uint8 complex128 main.S uint8 int",
    ],
  ]);
});

test("print and println put spaces as Go does", () => {
  assertOutcomes([
    ['{{print 1 2 "a" 3 4 nil}}', "1 2a3 4 <nil>"],
    ['{{print "a" "b" 1 "c"}}', "ab1c"],
    ['{{println "a" 1}}', "a 1\n"],
    ["{{print}}|{{println}}", "|\n"],
    ["{{print 1.0 2.5 1e6 true}}", "1 2.5 1e+06 true"],
  ]);
});
