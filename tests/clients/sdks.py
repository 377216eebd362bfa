"""Builds and runs the programs of sdks/, one for each AWS SDK, with the toolchain of its language where that is on the machine.

What a toolchain makes lies in build/clients, never among the sources. Its packages come from its own registry, by its own
command, locked; a program whose packages cannot be had is skipped, one that does not build is a failure.
"""
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from deputy import ROOT

SOURCES = Path(__file__).parent / "sdks"
BUILT = ROOT / "build/clients"
MINUTES = {"fetch": 20, "build": 60}  # idle machines take a minute, and five for Rust; starved ones have taken ten times that


@dataclass(frozen=True)
class Sdk:
    """`fetch` gets the packages, `build` makes the program without asking anybody, `run` starts it: all in its folder."""
    name: str
    tools: tuple
    fetch: tuple = ()
    build: tuple = ()
    run: tuple = ()
    exception: str = "{model}"  # how it names one: as the API's model, by the code on the wire, or by the model's stem
    without: frozenset = frozenset()  # steps, and what of them, that its program leaves out

    @property
    def folder(self):
        return BUILT / self.name

    def make(self):
        """Its program, ready to run."""
        for tool in self.tools:
            if shutil.which(tool) is None:
                pytest.skip(f"there is no {tool} on the PATH")
        shutil.copytree(SOURCES / self.name, self.folder, dirs_exist_ok=True, ignore=shutil.ignore_patterns("node_modules", "target"))
        if self.fetch and (done := self.call("fetch", self.fetch)).returncode:
            pytest.skip(f"{self.tools[-1]} has no packages for it: {done.stdout.strip()[-300:]}")
        if self.build:
            done = self.call("build", self.build)
            assert done.returncode == 0, done.stdout

    def spelled(self, raised):
        return self.exception.format(**raised._asdict(), stem=raised.model.removesuffix("Exception"))

    def call(self, what, command):
        return subprocess.run(command, cwd=self.folder, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                              text=True, timeout=60 * MINUTES[what])

    def sees(self, step, environment):
        """What the program says it saw: its lines NAME=VALUE."""
        done = subprocess.run([*self.run, step], cwd=self.folder, env=environment, stdin=subprocess.DEVNULL, capture_output=True,
                              text=True, timeout=900)
        assert done.returncode == 0, done.stdout + done.stderr
        return dict(line.split("=", 1) for line in done.stdout.splitlines() if "=" in line)


MAVEN = ("mvn", "--quiet", "--batch-mode")
NPM = ("cmp -s package-lock.json node_modules/.locked || { npm ci --engine-strict --ignore-scripts --no-audit --no-fund &&"
       " cp package-lock.json node_modules/.locked; }")

SDKS = {sdk.name: sdk for sdk in (
    Sdk("go", ("go",), fetch=("go", "mod", "download"), build=("go", "build", "-o", "access", "."), run=("./access",)),
    Sdk("java", ("java", "mvn"), fetch=(*MAVEN, "dependency:resolve-plugins", "dependency:build-classpath", "-Dmdep.outputFile=classpath.txt"),
        build=(*MAVEN, "--offline", "compile"), run=("sh", "-c", 'exec java -cp "target/classes:$(cat classpath.txt)" Access "$0"'),
        exception="{stem}Exception"),
    Sdk("js", ("node", "npm"), fetch=("sh", "-c", NPM), run=("node", "access.mjs")),
    Sdk("python", (sys.executable,), run=(sys.executable, "access.py")),
    # Debian's packages: there is no aws-sdk-iam, and the SDK is of before AWS_ENDPOINT_URL.
    Sdk("ruby", ("ruby",), fetch=("ruby", "-e", "require 'aws-sdk-core'; require 'aws-sdk-s3'"), run=("ruby", "access.rb"),
        exception="{code}", without=frozenset({"profile", "no-such-role", "status", "taken-name"})),
    Sdk("rust", ("cargo",), fetch=("cargo", "fetch", "--locked"), build=("cargo", "build", "--quiet", "--locked", "--offline"),
        run=("target/debug/access",)),
)}
