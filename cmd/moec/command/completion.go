package command

import (
	"strings"

	"github.com/spf13/cobra"
)

var shells = []string{"bash", "zsh", "fish"}

// completionCommand is moec completion.
func (s *console) completionCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "completion " + strings.Join(shells, "|"),
		Short: "Print a script that completes moec's commands in a shell",
		Long: `Completion prints a script for a shell. Put it where the shell looks for such:

  bash   moec completion bash > /etc/bash_completion.d/moec
  zsh    moec completion zsh > "${fpath[1]}/_moec"
  fish   moec completion fish > ~/.config/fish/completions/moec.fish`,
		ValidArgs: shells,
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) != 1 {
				return usagef("which shell? one of %s", strings.Join(shells, ", "))
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			root, out := cmd.Root(), s.env.Stdout
			switch args[0] {
			case "bash":
				return root.GenBashCompletionV2(out, true)
			case "zsh":
				return root.GenZshCompletion(out)
			case "fish":
				return root.GenFishCompletion(out, true)
			}
			return usagef("no script for %q: there is one for %s", args[0], strings.Join(shells, ", "))
		},
	}
}
