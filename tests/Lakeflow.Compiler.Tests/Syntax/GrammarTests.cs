using System.Security.Cryptography;
using System.Text;

namespace Lakeflow.Compiler.Tests.Syntax;

public class GrammarTests
{
    [Fact]
    public void The_generated_parser_is_that_of_the_grammar()
    {
        var text = new StringBuilder();
        foreach (var grammar in new[] { "LakeflowLexer.g4", "LakeflowParser.g4" })
            text.Append(File.ReadAllText(Repository.PathOf("grammar", grammar)).Replace("\r\n", "\n"));
        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())));
        var stored = File.ReadAllText(Repository.PathOf("src", "Lakeflow.Compiler", "Syntax", "Generated", "grammar.sha256")).Trim();
        Assert.True(stored == hash, "The grammar changed; run grammar/regenerate.sh.");
    }
}
