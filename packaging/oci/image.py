#!/usr/bin/env python3
"""An OCI image of the static program and nothing else, as one tar: docker load, podman load and skopeo read it.

  packaging/oci/image.py VERSION BINARY FILE.tar

No daemon, no root, standard library only; the same binary gives the same digest. (umoci, buildah and skopeo cannot put a health check
into an OCI image: the specification leaves it to Docker, which reads it from the same place.) The authorities are Mozilla's, as
Debian's ca-certificates has them: a container has no system around it to ask."""
import gzip
import hashlib
import io
import json
import os
import sys
import tarfile
from pathlib import Path

USER = 65532
AUTHORITIES = Path("/usr/share/ca-certificates/mozilla")
WHEN = int(os.environ.get("SOURCE_DATE_EPOCH", "0"))


def entry(name, kind=tarfile.REGTYPE, mode=0o644, owner=0, size=0):
    info = tarfile.TarInfo(name)
    info.type, info.mode, info.uid, info.gid, info.size, info.mtime = kind, mode, owner, owner, size, WHEN
    return info


def layer(binary):
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=tarfile.PAX_FORMAT) as tar:
        folders = {"etc": (0o755, 0), "etc/ssl": (0o755, 0), "etc/ssl/certs": (0o755, 0), "tmp": (0o1777, 0), "usr": (0o755, 0),
                   "usr/bin": (0o755, 0), "var": (0o755, 0), "var/lib": (0o755, 0), "var/lib/deputy": (0o700, USER)}
        authorities = b"".join(path.read_bytes() for path in sorted(AUTHORITIES.glob("*.crt")))
        files = {"etc/group": (0o644, f"root:x:0:\ndeputy:x:{USER}:\n".encode()),
                 "etc/passwd": (0o644, f"root:x:0:0::/:/none\ndeputy:x:{USER}:{USER}::/var/lib/deputy:/none\n".encode()),
                 "etc/ssl/certs/ca-certificates.crt": (0o644, authorities),
                 "usr/bin/deputy": (0o755, binary)}
        for name, (mode, owner) in folders.items():
            tar.addfile(entry(name, tarfile.DIRTYPE, mode, owner))
        for name, (mode, data) in files.items():
            tar.addfile(entry(name, mode=mode, size=len(data)), io.BytesIO(data))
    return out.getvalue()


def config(version, diff):
    return {
        "architecture": "amd64", "os": "linux",
        "config": {
            "User": f"{USER}:{USER}", "WorkingDir": "/var/lib/deputy",
            "Env": ["PATH=/usr/bin", "HOME=/var/lib/deputy", "DEPUTY_DATA=/var/lib/deputy", "DEPUTY_LISTEN=0.0.0.0:4566"],
            "Entrypoint": ["/usr/bin/deputy"], "Cmd": ["serve"], "StopSignal": "SIGTERM",
            "ExposedPorts": {"4566/tcp": {}}, "Volumes": {"/var/lib/deputy": {}},
            "Healthcheck": {"Test": ["CMD", "/usr/bin/deputy", "wait", "--wait", "0"], "Interval": 5_000_000_000,
                            "Timeout": 3_000_000_000, "StartPeriod": 10_000_000_000, "Retries": 3},
            "Labels": {"org.opencontainers.image.title": "deputy", "org.opencontainers.image.version": version,
                       "org.opencontainers.image.licenses": "Apache-2.0",
                       "org.opencontainers.image.description": "An AWS-compatible identity system that enforces every policy"}},
        "rootfs": {"type": "layers", "diff_ids": [diff]},
        "history": [{"created_by": "packaging/oci/image.py"}]}


def main():
    version, binary, target = sys.argv[1:]
    blobs = {}

    def blob(media_type, data):
        digest = hashlib.sha256(data).hexdigest()
        blobs[digest] = data
        return {"mediaType": media_type, "digest": f"sha256:{digest}", "size": len(data)}

    def words(value):
        return json.dumps(value, separators=(",", ":")).encode()

    plain = layer(Path(binary).read_bytes())
    packed = blob("application/vnd.oci.image.layer.v1.tar+gzip", gzip.compress(plain, 9, mtime=0))
    settings = blob("application/vnd.oci.image.config.v1+json",
                    words(config(version, "sha256:" + hashlib.sha256(plain).hexdigest())))
    manifest = blob("application/vnd.oci.image.manifest.v1+json", words({
        "schemaVersion": 2, "mediaType": "application/vnd.oci.image.manifest.v1+json", "config": settings, "layers": [packed]}))
    named = manifest | {"annotations": {"org.opencontainers.image.ref.name": version, "io.containerd.image.name": f"docker.io/library/deputy:{version}"},
                        "platform": {"architecture": "amd64", "os": "linux"}}
    path = lambda descriptor: "blobs/sha256/" + descriptor["digest"].partition(":")[2]
    files = {"oci-layout": words({"imageLayoutVersion": "1.0.0"}),
             "index.json": words({"schemaVersion": 2, "mediaType": "application/vnd.oci.image.index.v1+json", "manifests": [named]}),
             # For docker load before 25, which knows no other list.
             "manifest.json": words([{"Config": path(settings), "RepoTags": [f"deputy:{version}"], "Layers": [path(packed)]}]),
             **{f"blobs/sha256/{digest}": data for digest, data in blobs.items()}}
    with tarfile.open(target, "w", format=tarfile.PAX_FORMAT) as tar:
        for folder in ("blobs", "blobs/sha256"):
            tar.addfile(entry(folder, tarfile.DIRTYPE, 0o755))
        for name, data in sorted(files.items()):
            tar.addfile(entry(name, size=len(data)), io.BytesIO(data))


if __name__ == "__main__":
    main()
