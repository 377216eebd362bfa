"""A page of docs/guides: its fenced blocks by tag, and a way to run them as a reader would."""
import re
import subprocess

from deputy import ROOT


class Page:
    def __init__(self, name):
        self.text = (ROOT / "docs/guides" / name).read_text()

    def blocks(self, tag):
        """The fenced blocks whose opening line ends with `tag`."""
        return [text for found, text in re.findall(r"^```\w+ (\S+)\n(.*?)^```$", self.text, re.M | re.S) if found == tag]

    def commands(self, tag, number=0):
        """The commands of a block, continuation lines joined as a shell joins them."""
        return self.blocks(tag)[number].replace("\\\n", "").strip().split("\n")

    def write_files(self, folder):
        """Every file that the page has its reader write."""
        for name, text in re.findall(r"^cat > (\S+) <<'EOF'\n(.*?)^EOF$", self.text, re.M | re.S):
            (folder / name).write_text(text)

    def document(self, name):
        return re.search(rf"^cat > {re.escape(name)} <<'EOF'\n(.*?)^EOF$", self.text, re.M | re.S).group(1)


class Runner:
    """Runs shell text in the server's folder, with `aws` being the CLI under test and the server's AWS files."""

    def __init__(self, aws, server):
        self.aws, self.server = aws, server

    def __call__(self, text, **variables):
        done = subprocess.run(["bash", "-c", f"aws() {{ '{self.aws}' \"$@\"; }}\nset -e\n{text}"],
                              env=self.server.environment(HOME=self.server.folder, **variables),  # the CLI caches there
                              cwd=self.server.folder, stdin=subprocess.DEVNULL, capture_output=True, text=True,
                              timeout=60)
        return done.returncode, done.stdout, done.stderr.strip()

    def must(self, text, **variables):
        code, out, err = self(text, **variables)
        assert code == 0, f"{text}\n{out}{err}"
        return out
