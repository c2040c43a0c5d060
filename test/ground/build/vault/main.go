// HashiCorp Vault's own command line, built with `-tags minimal`: the server and the built-in methods and engines that
// need no further modules.
package main

import (
	"os"

	"github.com/hashicorp/vault/command"
)

func main() {
	os.Exit(command.Run(os.Args[1:]))
}
