namespace Lakeflow.Compiler.Functions;

internal static class ArithmeticFunctions
{
}
