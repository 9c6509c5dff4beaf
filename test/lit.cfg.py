# The suites of .xir and .test files. Each test calls the tools by their plain names; FileCheck, not, count and split-file are LLVM's.
import glob
import os
import shutil
import subprocess

import lit.formats

config.name = "xcs"
config.test_format = lit.formats.ShTest(execute_external=False)
config.suffixes = [".xir", ".test"]
config.excludes = ["Inputs", "corpus", "house", "unit", "support"]
config.test_source_root = os.path.dirname(__file__)
config.test_exec_root = os.path.join(config.xcs_build_dir, "test")

# Programs that are called by name: ours, the fuzzers as corpus runners, LLVM's, and servers Debian keeps in sbin.
config.environment["PATH"] = os.pathsep.join(
    [
        os.path.join(config.xcs_build_dir, "bin"),
        os.path.join(config.xcs_build_dir, "test", "fuzz"),
        os.path.join(config.test_source_root, "scripts"),
        config.xcs_llvm_tools_dir,
        config.environment.get("PATH", ""),
        "/usr/sbin",
    ]
)

# Where `xcs run` keeps plans: not with those of the person who runs the tests.
config.environment["XDG_CACHE_HOME"] = os.path.join(config.test_exec_root, "cache")

# Messages without colour, also on a terminal that a test makes.
config.environment["NO_COLOR"] = "1"

# All traffic of the tests stays on this machine, whatever proxy the person who runs them uses.
for name in ("http_proxy", "https_proxy", "all_proxy", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
    config.environment.pop(name, None)
config.environment["NO_PROXY"] = "*"

config.substitutions.append(("%examples", os.path.join(config.xcs_source_dir, "docs", "examples")))
config.substitutions.append(("%root", config.xcs_source_dir))
config.substitutions.append(("%build", config.xcs_build_dir))
config.substitutions.append(("%bin", os.path.join(config.xcs_build_dir, "bin")))
config.substitutions.append(("%python", shutil.which("python3") or "python3"))

for program in (
    *("nginx", "mlir-opt-19", "jq", "strace", "openssl"),
    *("cmake", "cpack", "pkg-config", "c++", "dpkg-deb", "bash", "zsh", "fish", "man", "mandoc", "go"),
):
    if shutil.which(program, path=config.environment["PATH"]):
        config.available_features.add(program)
for program in ("xcs", "xcsc", "xcs-run", "xcs-bench", "xcs-faults", "xcs-cpp-examples"):
    if os.path.exists(os.path.join(config.xcs_build_dir, "bin", program)):
        config.available_features.add(program)
# The Python package and its virtual environment, which `./dev test` makes where it can: %with_python puts both in front.
venv, package = os.path.join(config.xcs_source_dir, "build", "venv"), os.path.join(config.xcs_build_dir, "python")
if os.path.exists(os.path.join(venv, "ready")) and glob.glob(os.path.join(package, "xcs", "_core*.so")):
    config.available_features.add("xcs-python")
    path = os.pathsep.join([os.path.join(venv, "bin"), os.path.join(config.xcs_source_dir, "tools", "dev"), config.environment["PATH"]])
    config.substitutions.append(("%with_python", f"env PATH={path} PYTHONPATH={package} PYTHONDONTWRITEBYTECODE=1"))
    config.substitutions.append(("%venv_python", os.path.join(venv, "bin", "python")))
    config.substitutions.append(("%package", package))
if shutil.which("unshare") and subprocess.run(["unshare", "-rm", "true"], capture_output=True).returncode == 0:
    config.available_features.add("mounts")  # a test may mount something for itself
config.environment["XCS_SANITIZED"] = config.xcs_sanitize
config.available_features.add("sanitized" if config.xcs_sanitize else "unsanitized")
if not config.xcs_links_curl:
    config.available_features.add("libcurl-opened-late")
if not config.xcs_fuzz:  # with libFuzzer the fuzzers do not only run what they are given; `./dev fuzz` gives them the same
    config.available_features.add("corpus-runners")

lit_config.load_config(config, os.path.join(config.test_source_root, "limits.cfg.py"))
