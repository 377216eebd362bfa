"""Runs Terraform, or OpenTofu, with the AWS provider, where both are on the machine; nothing is ever fetched.

The provider is looked for in a folder of plugins: TF_PLUGIN_DIR, or one of those where people keep them.
"""
import json
import os
import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest

PLACES = ["~/.terraform.d/plugins", "~/.terraform.d/plugin-cache", "/usr/local/share/terraform/plugins",
          "/usr/share/terraform/plugins", "/opt"]
HOSTS = {"terraform": "registry.terraform.io", "tofu": "registry.opentofu.org"}  # whose providers `hashicorp/aws` means
TOOLS = os.environ.get("TF", "terraform tofu").split()
SECONDS = 1200  # Terraform takes five a run on an idle machine


def plugin():
    """The provider: HOST/hashicorp/aws/VERSION/PLATFORM/FILE in a folder of plugins."""
    for place in [os.environ.get("TF_PLUGIN_DIR")] if os.environ.get("TF_PLUGIN_DIR") else PLACES:
        for provider in sorted(Path(place).expanduser().rglob("terraform-provider-aws_v5*")):
            if provider.parts[-5:-3] == ("hashicorp", "aws"):
                return provider
    return None


@dataclass(frozen=True)
class Tool:
    """`terraform` or `tofu`, with what keeps it from asking anybody but a folder of plugins."""
    name: str
    environment: dict

    @property
    def path(self):
        return shutil.which(self.name)


def find(name, folder):
    """Skips where there is nothing to run."""
    if shutil.which(name) is None:
        pytest.skip(f"there is no {name} on the PATH")
    found = plugin()
    if found is None:
        pytest.skip("there is no terraform-provider-aws_v5* in a folder of plugins: TF_PLUGIN_DIR names one")
    mirror = Path(folder) / name
    platform = mirror / HOSTS[name] / "/".join(found.parts[-5:-1])
    platform.parent.mkdir(parents=True)
    platform.symlink_to(found.parent)  # its host may be another's
    settings = Path(folder) / f"{name}.rc"
    settings.write_text(f"provider_installation {{\n  filesystem_mirror {{\n    path = {json.dumps(str(mirror))}\n  }}\n}}\n")
    return Tool(name, {"TF_CLI_CONFIG_FILE": str(settings), "TF_CLI_ARGS": "-no-color", "TF_IN_AUTOMATION": "1", "TF_INPUT": "0",
                       "CHECKPOINT_DISABLE": "1", "AWS_EC2_METADATA_DISABLED": "true"})


def one_line(text):
    return " ".join(text.split())


class Terraform:
    """One configuration, in a folder of its own."""

    def __init__(self, tool, folder, environment):
        self.tool, self.folder, self.environment = tool, folder, environment
        self.run("init")

    def run(self, *arguments, codes=(0,), **variables):
        done = subprocess.run([self.tool.path, *arguments], cwd=self.folder, env=self.environment | variables, timeout=SECONDS,
                              stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        assert done.returncode in codes, f"{self.tool.name} {' '.join(arguments)}: {done.returncode}\n{done.stdout}"
        return done.stdout

    def apply(self, *arguments, **more):
        return self.run("apply", "-auto-approve", *arguments, **more)

    def plan(self, **variables):
        """{address: change} of what is to be done; the plan itself is in the file `plan`."""
        said = self.run("plan", "-detailed-exitcode", "-out=plan", codes=(0, 2), **variables)
        changes = json.loads(self.run("show", "-json", "plan"))["resource_changes"]
        found = {change["address"]: change["change"] for change in changes if change["mode"] == "managed"
                 and (change["change"]["actions"] != ["no-op"] or "importing" in change["change"])}
        assert found or re.search(r"No changes|Changes to Outputs", said), said
        return found

    def must_be_in_sync(self, **variables):
        self.run("plan", "-detailed-exitcode", codes=(0,), **variables)

    def outputs(self):
        return {name: output["value"] for name, output in json.loads(self.run("output", "-json")).items()}

    def resources(self):
        """(address, type, values) of everything managed."""
        module = json.loads(self.run("show", "-json"))["values"]["root_module"]
        return [(found["address"], found["type"], found["values"]) for found in module["resources"] if found["mode"] == "managed"]
