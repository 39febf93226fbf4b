/* Says why a native executable of a pipeline cannot run on a processor. It is compiled by the linker's command, and runs before anything else:
   .NET's own check, which comes next, does not say what to do, and aborts. */
#include <unistd.h>

#define CODE "LF0074"

/* Of .NET's native runtime: bits of what the code was compiled for, and of what the processor has. Weak: a runtime without them has its own check. */
extern int g_requiredCpuFeatures __attribute__((weak));
extern int minipal_getcpufeatures(void) __attribute__((weak));

__attribute__((constructor)) static void lakeflow_check_processor(void)
{
    static const char message[] =
        "error " CODE ": This processor lacks instructions that the program was built for (" LAKEFLOW_CPU "). "
        "Build it for any processor: lakeflow build --cpu portable, or dotnet publish -p:LakeflowCpu=portable.\n";
    if (&g_requiredCpuFeatures == 0 || minipal_getcpufeatures == 0) return;
    if ((g_requiredCpuFeatures & ~minipal_getcpufeatures()) == 0) return;
    if (write(STDERR_FILENO, message, sizeof message - 1) < 0) _exit(3);
    _exit(3);
}
