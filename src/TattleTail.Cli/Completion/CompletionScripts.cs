namespace TattleTail.Cli.Completion;

/// <summary>
/// What each shell needs to ask <c>tattletail [suggest:POSITION] "LINE"</c> for words: the same question for all, so that they all know every command and option.
/// </summary>
internal static class CompletionScripts
{
    /// <summary>The shells that there is a script for.</summary>
    public static readonly string[] Shells = ["bash", "zsh", "fish", "pwsh"];

    /// <summary>The script of one of <see cref="Shells"/>.</summary>
    public static string For(string shell) => shell switch
    {
        "bash" => Bash,
        "zsh" => Zsh,
        "fish" => Fish,
        "pwsh" => PowerShell,
        _ => throw new ArgumentOutOfRangeException(nameof(shell), shell, "no such shell"),
    };

    private const string Bash =
        """
        # tattletail completion for bash: eval "$(tattletail completion bash)"
        _tattletail() {
            local IFS=$'\n'
            COMPREPLY=($(compgen -W "$("${COMP_WORDS[0]}" "[suggest:$COMP_POINT]" "$COMP_LINE" 2>/dev/null)" -- "${COMP_WORDS[COMP_CWORD]}"))
        }
        complete -o default -F _tattletail tattletail ./tattletail
        """;

    private const string Zsh =
        """
        # tattletail completion for zsh: eval "$(tattletail completion zsh)"
        _tattletail() {
            local -a found
            found=("${(@f)$("${words[1]}" "[suggest:$CURSOR]" "$BUFFER" 2>/dev/null)}")
            (( ${#found[1]} )) && compadd -- "${found[@]}" || _files
        }
        compdef _tattletail tattletail ./tattletail
        """;

    private const string Fish =
        """
        # tattletail completion for fish: tattletail completion fish | source
        complete -c tattletail -a '(set -l line (commandline -cp); tattletail "[suggest:"(string length -- "$line")"]" "$line" 2>/dev/null)'
        """;

    private const string PowerShell =
        """
        # tattletail completion for PowerShell: tattletail completion pwsh | Out-String | Invoke-Expression
        Register-ArgumentCompleter -Native -CommandName tattletail, ./tattletail, tattletail.cmd -ScriptBlock {
            param($word, $command, $cursor)
            & $command.CommandElements[0].Value "[suggest:$cursor]" "$command" 2>$null | ForEach-Object {
                [System.Management.Automation.CompletionResult]::new($_, $_, 'ParameterValue', $_)
            }
        }
        """;
}
