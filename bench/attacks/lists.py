"""Lists that are longer than their quotas: counted first, they cost no more than their reading."""
from . import client
from .figures import attack, below
from .neighbour import under_load
from .server import A, B

BAR = 50


@attack("lists", "lists of 30,000 members, or as many as a body holds, before their quota", 120)
def lists(field):
    with field.server() as server:
        a, b = server.account(A), server.account(B)
        server.must(a, "iam", "CreateUser", UserName="u")
        server.must(a, "iam", "CreateOpenIDConnectProvider", Url="https://other.example", **{"ThumbprintList.member.1": "0" * 40})
        many = range(1, 30_001)
        calls = {
            "client ids of create-open-id-connect-provider, 248 letters each": ("CreateOpenIDConnectProvider", {
                "Url": "https://idp.example", **{f"ClientIDList.member.{i}": f"{i:0248}" for i in many}}),
            "thumbprints of update-open-id-connect-provider-thumbprint": ("UpdateOpenIDConnectProviderThumbprint", {
                "OpenIDConnectProviderArn": f"arn:aws:iam::{A}:oidc-provider/other.example",
                **{f"ThumbprintList.member.{i}": f"{i:040}" for i in many}}),
            "tags of tag-user": ("TagUser", {"UserName": "u", **{f"Tags.member.{i}.{part}": f"{i:0100}" for i in many
                                                               for part in ("Key", "Value")}}),
            "keys of untag-user": ("UntagUser", {"UserName": "u", **{f"TagKeys.member.{i}": f"{i:0128}" for i in many}}),
        }
        worst = (0,)
        for what, (action, parameters) in calls.items():
            request = client.call(server.port, a, "iam", action, **parameters)
            cost, answer = server.cost(request)
            yield below(f"CPU of one call, {what}", cost, BAR, "ms", f"{len(request) / 1e6:.1f} MB; {answer.code}")
            worst = max(worst, (cost, request))
        yield under_load(server, b, [worst[1]], 2)
