#!/usr/bin/env python3
"""The wheel: clients/pytest-deputy/build.py VERSION BINARY FOLDER. Standard library only; the same binary gives the same bytes.

Its platform is true of the program in it: static, so of no C library, glibc's or musl's, and of any Linux since 3.2 on x86-64."""
import base64
import hashlib
import os
import sys
import time
import zipfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
PLATFORM = "manylinux_2_17_x86_64.manylinux2014_x86_64.musllinux_1_1_x86_64"
SUMMARY = "pytest fixtures for tests of AWS access: a real IAM, STS and S3 with many accounts, and the reason of each refusal"


def main():
    version, binary, folder = sys.argv[1:]
    info = f"pytest_deputy-{version}.dist-info"
    files = {f"pytest_deputy/{path.name}": (path.read_bytes(), 0o644) for path in sorted((HERE / "pytest_deputy").glob("*.py"))}
    files["pytest_deputy/bin/deputy"] = (Path(binary).read_bytes(), 0o755)
    tags = "".join(f"Tag: py3-none-{platform}\n" for platform in PLATFORM.split("."))
    text = {
        "METADATA": f"Metadata-Version: 2.1\nName: pytest-deputy\nVersion: {version}\nSummary: {SUMMARY}\nLicense: Apache-2.0\n"
                    "Requires-Python: >=3.9\nRequires-Dist: pytest>=7\nRequires-Dist: boto3>=1.28\nClassifier: Framework :: Pytest\n"
                    "Classifier: Operating System :: POSIX :: Linux\nDescription-Content-Type: text/markdown\n\n"
                    + (HERE / "README.md").read_text(),
        "WHEEL": f"Wheel-Version: 1.0\nGenerator: clients/pytest-deputy/build.py\nRoot-Is-Purelib: false\n{tags}",
        "entry_points.txt": "[console_scripts]\ndeputy = pytest_deputy.command:main\n\n[pytest11]\ndeputy = pytest_deputy.plugin\n",
        "LICENSE": (HERE.parents[1] / "LICENSE").read_text()}
    files |= {f"{info}/{name}": (value.encode(), 0o644) for name, value in text.items()}
    record = "".join(f"{name},sha256={digest(data)},{len(data)}\n" for name, (data, _) in files.items())
    files[f"{info}/RECORD"] = (f"{record}{info}/RECORD,,\n".encode(), 0o644)
    when = time.gmtime(max(int(os.environ.get("SOURCE_DATE_EPOCH", "0")), 315532800))[:6]
    with zipfile.ZipFile(Path(folder) / f"pytest_deputy-{version}-py3-none-{PLATFORM}.whl", "w", zipfile.ZIP_DEFLATED) as wheel:
        for name, (data, mode) in files.items():
            entry = zipfile.ZipInfo(name, when)
            entry.external_attr = (0o100000 | mode) << 16
            entry.compress_type = zipfile.ZIP_DEFLATED
            wheel.writestr(entry, data)


def digest(data):
    return base64.urlsafe_b64encode(hashlib.sha256(data).digest()).rstrip(b"=").decode()


if __name__ == "__main__":
    main()
