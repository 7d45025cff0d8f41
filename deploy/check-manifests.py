"""Reads what cannot be run here: check-manifests.py containerfile FILE... | compose FILE | kubernetes RENDERED. Says what is wrong."""

import ipaddress
import json
import pathlib
import re
import sys

import yaml

wrong = []


def expect(condition, words):
    if not condition:
        wrong.append(words)


class Strict(yaml.SafeLoader):
    """Refuses keys that come twice."""

    def construct_mapping(self, node, deep=False):
        keys = [self.construct_object(key, deep=True) for key, _ in node.value]
        for key in keys:
            expect(keys.count(key) == 1, f"line {node.start_mark.line + 1}: {key} twice")
        return super().construct_mapping(node, deep)


def containerfile(path):
    project = pathlib.Path(__file__).parent.parent
    text = re.sub(r"\\\n", " ", re.sub(r"(?m)^\s*#.*\n", "", path.read_text()))
    instructions = [line.split(None, 1) for line in text.splitlines() if line.strip()]
    known = "FROM RUN COPY USER WORKDIR EXPOSE HEALTHCHECK STOPSIGNAL ENTRYPOINT CMD ENV LABEL ARG VOLUME".split()
    for word, rest in instructions:
        expect(word in known, f"{word}: no instruction")
        if word == "FROM":
            expect(re.fullmatch(r"[a-z0-9/._-]+:[\w.-]+( AS [a-z]+)?", rest), f"FROM {rest}: no tag")
        if word in ("ENTRYPOINT", "CMD"):
            expect(isinstance(json.loads(rest), list), f"{word} {rest}: not a list, so a shell would get the signals")
        if word == "COPY":
            sources = [part for part in rest.split() if not part.startswith("--")][:-1]
            for source in sources:
                # target/ is made by the build.
                expect(source.startswith("target/") or (project / source).exists(), f"COPY {source}: not there")
    expect(instructions[0][0] == "FROM", "does not begin with FROM")
    words = [word for word, _ in instructions]
    expect(words.count("CMD") == 1, "not one CMD")
    if path.name == "Containerfile":
        user = [rest for word, rest in instructions if word == "USER"]
        expect(user and user[-1] not in ("0", "root") and user[-1][0].isdigit(), "USER: not a number, or root's")


def compose(path):
    document = yaml.load(path.read_text(), Strict)
    services, networks = document["services"], document["networks"]
    for name, network in networks.items():
        families = {ipaddress.ip_network(c["subnet"]).version for c in network["ipam"]["config"]}
        expect((6 in families) == bool(network.get("enable_ipv6")), f"{name}: enable_ipv6 and subnets disagree")
        for config in network["ipam"]["config"]:
            expect(ipaddress.ip_network(config["subnet"]).is_private, f"{name}: {config['subnet']} is not private")
    taken = set()
    for name, service in services.items():
        expect(("image" in service) != ("build" in service), f"{name}: image or build")
        expect(":" in service.get("image", ":"), f"{name}: image without a tag")
        for other in service.get("depends_on", []):
            expect(other in services, f"{name}: depends on {other}")
        for secret in service.get("secrets", []):
            expect(secret in document["secrets"], f"{name}: secret {secret}")
        for volume in service.get("volumes", []):
            source = volume.split(":")[0]
            if source.startswith("."):
                expect((path.parent / source).exists(), f"{name}: {source} is not there")
            else:
                expect(source in document["volumes"], f"{name}: volume {source}")
        if "build" in service:
            expect((path.parent / "../.." / service["build"]["dockerfile"]).exists(), f"{name}: no Containerfile")
        attached = service.get("networks", {})
        for network in attached:
            expect(network in networks, f"{name}: network {network}")
            for key in ("ipv4_address", "ipv6_address"):
                address = (attached[network] or {}).get(key) if isinstance(attached, dict) else None
                if address:
                    subnets = [ipaddress.ip_network(c["subnet"]) for c in networks[network]["ipam"]["config"]]
                    expect(any(ipaddress.ip_address(address) in s for s in subnets if s.version == int(key[3])),
                           f"{name}: {address} is in no subnet of {network}")
                    expect(address not in taken, f"{name}: {address} is taken")
                    taken.add(address)
    proxy = services["dualpost"]
    rescue = [n for n, a in proxy["networks"].items() if any("-v4." in x for x in a.get("aliases", []))]
    expect(rescue == ["rescue"] and not networks["rescue"].get("enable_ipv6"), "rescue name: a network with IPv6")
    published = {port.split(":")[-1] for port in proxy["ports"]}
    configured = {str(listener["port"])
                  for service in yaml.load((path.parent / "dualpost.yaml").read_text(), Strict)["services"].values()
                  for listener in service["listeners"]}
    expect(configured <= published, f"ports: {configured - published} are not published")
    expect(int(proxy["stop_grace_period"].rstrip("s")) > 20, "stop_grace_period: shorter than the drain")


def kubernetes(path):
    documents = [d for d in yaml.load_all(path.read_text(), Strict) if d]
    by = {(d["kind"], d["metadata"]["name"]): d for d in documents}
    versions = {"Deployment": "apps/v1", "Service": "v1", "PodDisruptionBudget": "policy/v1", "ConfigMap": "v1"}
    for document in documents:
        kind = document["kind"]
        expect(document["apiVersion"] == versions.get(kind), f"{kind}: {document['apiVersion']}")
        expect(document["metadata"].get("namespace"), f"{kind}: no namespace")
    dual, rescue = by["Service", "dualpost-dual"]["spec"], by["Service", "dualpost-rescue"]["spec"]
    expect(dual["ipFamilyPolicy"] == "RequireDualStack" and set(dual["ipFamilies"]) == {"IPv4", "IPv6"}, "dual: families")
    expect(rescue["ipFamilyPolicy"] == "SingleStack" and rescue["ipFamilies"] == ["IPv4"], "rescue: families")
    deployment = by["Deployment", "dualpost"]["spec"]
    template = deployment["template"]
    labels = template["metadata"]["labels"].items()
    for what, selector in (("dual", dual["selector"]), ("rescue", rescue["selector"]),
                           ("deployment", deployment["selector"]["matchLabels"]),
                           ("disruption", by["PodDisruptionBudget", "dualpost"]["spec"]["selector"]["matchLabels"])):
        expect(selector and selector.items() <= labels, f"{what}: selects {selector}")
    pod = template["spec"]
    container = pod["containers"][0]
    ports = {port["name"]: port["containerPort"] for port in container["ports"]}
    for service in (dual, rescue):
        for port in service["ports"]:
            expect(port["targetPort"] in ports, f"service: no port {port['targetPort']}")
    configuration = next(d for (kind, _), d in by.items() if kind == "ConfigMap")
    listeners = {listener["port"]
                 for service in yaml.load(configuration["data"]["dualpost.yaml"], Strict)["services"].values()
                 for listener in service["listeners"]}
    expect(listeners == set(ports.values()), f"listeners {listeners}, container ports {set(ports.values())}")
    volumes = {volume["name"]: volume for volume in pod["volumes"]}
    expect({m["name"] for m in container["volumeMounts"]} == set(volumes), "volumes and mounts differ")
    expect(volumes["configuration"]["configMap"]["name"] == configuration["metadata"]["name"], "configuration's name")
    security = container["securityContext"]
    expect(pod["securityContext"]["runAsNonRoot"] and security["readOnlyRootFilesystem"]
           and not security["allowPrivilegeEscalation"] and security["capabilities"]["drop"] == ["ALL"], "privileges")
    sleep = int(container["lifecycle"]["preStop"]["exec"]["command"][-1])
    expect(pod["terminationGracePeriodSeconds"] > sleep + 20, "grace period: shorter than preStop and drain")


if sys.argv[1] == "sockets":
    # Each address and port of the sample, once, in a unit of its family.
    sample = yaml.load(pathlib.Path("deploy/dualpost.yaml").read_text(), Strict)
    asked = {(str(ipaddress.ip_address(a)), listener["port"]) for service in sample["services"].values()
             for host in ("dual", "rescue") for a in service[host]["addresses"] for listener in service["listeners"]}
    given = []
    names = []
    for name in sys.argv[2:]:
        unit = pathlib.Path(name).read_text()
        for line in re.findall(r"(?m)^ListenStream=(.*)$", unit):
            address, port = line.rsplit(":", 1)
            parsed = ipaddress.ip_address(address.strip("[]"))
            given.append((str(parsed), int(port)))
            expect(f"-ipv{parsed.version}.socket" in name, f"{name}: {address}")
            expect((parsed.version == 6) == ("BindIPv6Only=ipv6-only" in unit), f"{name}: BindIPv6Only")
        names.append(pathlib.Path(name).name)
    expect(sorted(given) == sorted(asked), f"sockets {sorted(given)}, sample {sorted(asked)}")
    listed = re.findall(r"dualpost-\S+\.socket", pathlib.Path("deploy/systemd/dualpost.service.d/sockets.conf").read_text())
    expect(sorted(listed) == sorted(names), f"sockets.conf lists {listed}")
else:
    for name in sys.argv[2:]:
        {"containerfile": containerfile, "compose": compose, "kubernetes": kubernetes}[sys.argv[1]](pathlib.Path(name))
print("\n".join(wrong), end="\n" if wrong else "")
sys.exit(1 if wrong else 0)
