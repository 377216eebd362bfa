"""Keys, certificates and metadata that a configuration reads from files: made new each time."""
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from saml import Signer


def write_files(folder):
    signer = Signer()
    texts = {
        "certificate.pem": signer.certificate.public_bytes(serialization.Encoding.PEM),
        "key.pem": signer.private.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.TraditionalOpenSSL,
                                                serialization.NoEncryption()),
        "ssh-key.pub": rsa.generate_private_key(65537, 2048).public_key().public_bytes(
            serialization.Encoding.OpenSSH, serialization.PublicFormat.OpenSSH),
        "metadata-first.xml": signer.metadata().encode(),
        "metadata-second.xml": Signer().metadata("https://idp.example/other").encode(),
    }
    folder.mkdir()
    for name, text in texts.items():
        (folder / name).write_bytes(text)
