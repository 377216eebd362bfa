"""The OCI image: read as its specification says, and run from its files without a container engine, which this machine may not have."""
import hashlib
import io
import json
import shutil
import subprocess
import tarfile

import pytest

import roots
import story


@pytest.fixture(scope="module")
def image(tmp_path_factory):
    """The layout, unpacked."""
    at = tmp_path_factory.mktemp("image")
    with tarfile.open(roots.artifact("deputy-{version}-oci.tar")) as tar:
        tar.extractall(at, filter="data") if hasattr(tarfile, "data_filter") else tar.extractall(at)
    return at


def blob(image, descriptor):
    data = (image / "blobs/sha256" / descriptor["digest"].removeprefix("sha256:")).read_bytes()
    assert "sha256:" + hashlib.sha256(data).hexdigest() == descriptor["digest"] and len(data) == descriptor["size"]
    return data


def parts(image):
    (descriptor,) = json.loads((image / "index.json").read_text())["manifests"]
    manifest = json.loads(blob(image, descriptor))
    return manifest, json.loads(blob(image, manifest["config"]))


def test_the_layout_is_what_it_says(image):
    assert json.loads((image / "oci-layout").read_text()) == {"imageLayoutVersion": "1.0.0"}
    manifest, config = parts(image)
    (layer,) = manifest["layers"]
    with tarfile.open(fileobj=io.BytesIO(blob(image, layer))) as tar:
        owners = {member.name: (member.uid, oct(member.mode)) for member in tar}
        program = tar.extractfile("usr/bin/deputy").read()
        authorities = tar.extractfile("etc/ssl/certs/ca-certificates.crt").read()
    assert program == roots.artifact("deputy-{version}-linux-x86_64").read_bytes()
    assert authorities.count(b"BEGIN CERTIFICATE") > 100
    assert [name for name in owners if name.startswith("usr/")] == ["usr/bin", "usr/bin/deputy"], "the binary, and nothing else"
    assert owners["var/lib/deputy"] == (65532, "0o700") and owners["usr/bin/deputy"] == (0, "0o755")
    settings = config["config"]
    assert (settings["User"], settings["Entrypoint"], settings["Cmd"]) == ("65532:65532", ["/usr/bin/deputy"], ["serve"])
    assert list(settings["Volumes"]) == ["/var/lib/deputy"] and list(settings["ExposedPorts"]) == ["4566/tcp"]
    assert settings["Healthcheck"]["Test"] == ["CMD", "/usr/bin/deputy", "wait", "--wait", "0"]


def test_the_list_for_older_dockers_is_of_the_same_files(image):
    (old,) = json.loads((image / "manifest.json").read_text())
    manifest, _ = parts(image)
    path = lambda descriptor: "blobs/sha256/" + descriptor["digest"].removeprefix("sha256:")
    assert (old["Config"], old["Layers"]) == (path(manifest["config"]), [path(manifest["layers"][0])])


@pytest.mark.skipif(shutil.which("skopeo") is None, reason="no skopeo")
@pytest.mark.parametrize("kind", ["oci-archive", "docker-archive"])
def test_others_read_it(kind):
    done = subprocess.run(["skopeo", "inspect", "--config", f"{kind}:{roots.artifact('deputy-{version}-oci.tar')}"], capture_output=True,
                          text=True)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["config"]["User"] == "65532:65532"


def test_the_same_binary_makes_the_same_image(tmp_path):
    binary, script = roots.artifact("deputy-{version}-linux-x86_64"), roots.ROOT / "packaging/oci/image.py"
    for name in ("a", "b"):
        subprocess.run([script, roots.version(), binary, tmp_path / name], check=True)
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()


@pytest.mark.parametrize("bare", ["nothing"], indirect=True)
def test_it_runs_as_its_settings_say(bare, image):
    """Its files in a folder, and what a container engine would do: user, environment, command, health check."""
    manifest, config = parts(image)
    settings = config["config"]
    with tarfile.open(fileobj=io.BytesIO(blob(image, manifest["layers"][0]))) as tar:
        tar.extractall(bare.path)  # as root: with the owners in it
    environment = dict(value.split("=", 1) for value in settings["Env"]) | {"DEPUTY_LISTEN": "127.0.0.1:0"}
    in_it = dict(user=settings["User"], **environment)
    health = settings["Healthcheck"]["Test"][1:]
    assert bare.run(*health, check=False, **in_it).returncode != 0, "not before it runs"
    process, port = bare.start(*settings["Entrypoint"], *settings["Cmd"], **in_it)
    try:
        bare.run(*health, **in_it)
        run = lambda *words: bare.run(*words, **in_it).stdout
        story.cross_account(f"http://127.0.0.1:{port}", story.account(run, story.A), story.account(run, story.B))
    finally:
        process.terminate()
        assert process.wait(60) == 0
    assert (bare.path / "var/lib/deputy/key").stat().st_uid == 65532


def test_the_compose_file_is_of_this_image(image):
    text = roots.artifact("compose.yaml").read_text()
    _, config = parts(image)
    assert f"image: deputy:{roots.version()}\n" in text
    assert "test: [CMD, /usr/bin/deputy, wait, --wait, \"0\"]" in text and "deputy:/var/lib/deputy" in text
    assert "127.0.0.1:4566:4566" in text, "nobody else's, unless somebody says so"
