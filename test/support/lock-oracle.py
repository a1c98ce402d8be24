"""What the reference implementations say of markers, of the tags of wheels, and of locks.

Run by lock-oracle.ts with an interpreter that has `packaging`: a question on standard input, the answer on standard
output, both JSON. `select` asks uv and packaging what locks install, `table` packaging alone about markers and tags.
"""

import hashlib
import itertools
import json
import os
import random
import subprocess
import sys
import tomllib
from unittest import mock
from urllib.parse import urlsplit

from packaging import tags
from packaging.markers import InvalidMarker, Marker, UndefinedComparison, UndefinedEnvironmentName
from packaging.pylock import Pylock, PylockSelectError
from packaging.specifiers import InvalidSpecifier, SpecifierSet

WORD_IS_32_BIT = {"armv7l", "i686"}


def platforms(machine, libc):
    """What packaging itself makes of a machine that is not this one: only its look at this one is replaced."""
    version = tuple(int(part) for part in libc["version"].split("."))
    is_musl = libc["kind"] == "musl"
    musl = tags._musllinux._MuslVersion(*version) if is_musl else None
    glibc = tags._manylinux._GLibCVersion(*((-1, -1) if is_musl else version))
    with (
        mock.patch("sysconfig.get_platform", lambda: f"linux-{machine}"),
        mock.patch.object(tags._manylinux, "_get_glibc_version", lambda: glibc),
        # These two read the program that runs.
        mock.patch.object(tags._manylinux, "_is_linux_armhf", lambda _: True),
        mock.patch.object(tags._manylinux, "_is_linux_i686", lambda _: True),
        mock.patch.object(tags._musllinux, "_get_musl_version", lambda _: musl),
    ):
        return list(tags._linux_platforms(is_32bit=machine in WORD_IS_32_BIT))


def tag_list(machine, libc, python):
    minor = int(python.split(".")[1])
    here = platforms(machine, libc)
    name = f"cp3{minor}"
    return [
        *tags.cpython_tags((3, minor), abis=[name], platforms=here),
        *tags.compatible_tags((3, minor), interpreter=name, platforms=here),
    ]


def environment(machine, python):
    return {
        "os_name": "posix",
        "sys_platform": "linux",
        "platform_system": "Linux",
        "implementation_name": "cpython",
        "platform_python_implementation": "CPython",
        "platform_machine": machine,
        "python_version": ".".join(python.split(".")[:2]),
        "python_full_version": python,
        "implementation_version": python,
        "platform_release": "",
        "platform_version": "",
    }


# --- select


def export(uv, lock):
    """The lock as a pylock.toml of uv's own making."""
    parts = [f"--extra={extra}" for extra in lock["extras"]] + [f"--group={group}" for group in lock["groups"]]
    parts += [f"--only-group={group}" for group in lock.get("onlyGroups", [])]
    member = [f"--package={lock['member']}"] if lock.get("member") else []
    command = [uv, "export", "--format", "pylock.toml", "--frozen", "--offline", "--quiet", "--no-emit-project"]
    command += ["--no-default-groups", *parts, *member]
    run = subprocess.run(command, cwd=os.path.dirname(lock["file"]), capture_output=True, text=True)
    if run.returncode != 0:
        raise PylockSelectError(f"uv refuses: {run.stderr.strip()}")
    return run.stdout


def described(package, source):
    """The one line that both sides write of a package that is installed."""
    kind = type(source).__name__
    if kind == "PackageVcs":
        return f"git {source.commit_id}"
    if kind == "PackageDirectory":
        return "local"
    kind = "wheel" if urlsplit(source.url).path.endswith(".whl") else "sdist"
    version = f"{package.version} " if package.version else ""
    return f"{version}{kind} {source.url} {source.hashes['sha256']}"


def selection(pylock, wanted, target, python):
    tag = tag_list(target["machine"], target["libc"], python)
    try:
        chosen = pylock.select(environment=environment(target["machine"], python), tags=tag, **wanted)
        return {str(package.name): described(package, source) for package, source in chosen}
    except PylockSelectError as error:
        return {"": str(error)}


def select(question):
    answers = []
    for lock in question["locks"]:
        cells = list(itertools.product(question["targets"], question["pythons"]))
        try:
            if os.path.basename(lock["file"]) == "uv.lock":
                text = export(question["uv"], lock)
            else:
                with open(lock["file"], encoding="utf-8") as file:
                    text = file.read()
            pylock = Pylock.from_dict(tomllib.loads(text))
            # In what uv exports they are decided already.
            known = {*(pylock.extras or []), *(pylock.dependency_groups or [])}
            wanted = {
                "extras": [extra for extra in lock["extras"] if extra in known],
                "dependency_groups": [*(pylock.default_groups or []), *(one for one in lock["groups"] if one in known)],
            }
        except PylockSelectError as error:
            answers.append([{"": str(error)}] * len(cells))
            continue
        answers.append([selection(pylock, wanted, target, python) for target, python in cells])
    return answers


# --- table

VARIABLES = {
    "python_version": ["3", "3.9", "3.11", "3.12", "3.13", "3.13.0", "3.14", "4", "3.1*", "3.12.*", "3.10 3.11 3.12", "x", ""],
    "python_full_version": ["3.11", "3.11.9", "3.13.1", "3.14.0rc1", "3.14.0", "3.13.*", "3.13.1+local", "3.15.dev0"],
    "implementation_version": ["3.12", "3.13.1", "3.11.*", "7.3"],
    "os_name": ["posix", "nt", "java", "POSIX"],
    "sys_platform": ["linux", "win32", "darwin", "linux2", "cygwin win32", "l"],
    "platform_system": ["Linux", "Windows", "Darwin", "Linux Darwin"],
    "platform_machine": ["x86_64", "aarch64", "arm64", "AMD64", "x86_64 aarch64", "armv7l", "i686"],
    "platform_python_implementation": ["CPython", "PyPy", "cpython"],
    "implementation_name": ["cpython", "pypy"],
    "os.name": ["posix"],
    "python_implementation": ["CPython"],
    "platform.machine": ["aarch64"],
}
OPERATORS = ["==", "==", "!=", "<", "<=", ">", ">=", "~=", "===", "in", "not in"]
# What people have written, and what is easily got wrong.
WRITTEN = [
    "python_version < '3.10'",
    "python_version >= '3.10' and python_version < '3.13' or sys_platform == 'win32'",
    "sys_platform == 'win32' or python_version >= '3.10' and python_version < '3.13'",
    "(python_version < '3.12' or os_name == 'nt') and platform_machine != 'aarch64'",
    "platform_python_implementation=='CPython'and platform_machine=='x86_64'",
    "'3.12' <= python_version",
    "'linux' in sys_platform",
    "sys_platform in 'linux darwin'",
    "python_version   not    in '3.11, 3.12'",
    "python_version in '3.10 3.11 3.12'",
    "python_full_version < '3.14'",
    "python_full_version >= '3.13.0a1'",
    "python_version > '3.9.*'",
    "python_version == '3.1*'",
    "python_version == '>=3.8'",
    "python_version >= '3.8,<4'",
    "python_version == ' 3.12 '",
    "python_version ~= '3'",
    "python_version ~= '3.11.0'",
    "python_version === '3.12'",
    "sys_platform > 'a'",
    "sys_platform >= 'linux'",
    "sys_platform ~= 'linux'",
    "sys_platform === 'linux'",
    "os_name == sys_platform",
    "'a' == 'a'",
    "os_name",
    "os_name == ",
    "os_name = 'posix'",
    "os_name == 'posix' and",
    "os_name == 'posix' or or os_name == 'nt'",
    "(os_name == 'posix'",
    "os_name == 'posix')",
    "os_name == \"it's\"",
    "os_name not 'posix'",
    "os_name == posix",
    "unknown == 'x'",
    "not os_name == 'posix'",
    "os_name == 'posix' AND os_name == 'posix'",
    "((((os_name == 'posix'))))",
    "",
]


def generated(count):
    chance = random.Random(508)

    def atom():
        name = chance.choice(sorted(VARIABLES))
        sides = [name, "'" + chance.choice(VARIABLES[name]) + "'"]
        if chance.random() < 0.15:
            sides.reverse()
        return f"{sides[0]} {chance.choice(OPERATORS)} {sides[1]}"

    def tree(depth):
        if depth == 0 or chance.random() < 0.4:
            return atom()
        inner = f" {chance.choice(['and', 'or'])} ".join(tree(depth - 1) for _ in range(chance.randint(2, 3)))
        return f"({inner})" if chance.random() < 0.5 else inner

    found = {}
    while len(found) < count:
        found[atom() if len(found) < count * 2 / 3 else tree(2)] = None
    return list(found)


def verdict(text, env):
    """T and F; E for a comparison that means nothing, X for what is no marker."""
    try:
        return "T" if Marker(text).evaluate(env, context="requirement") else "F"
    except InvalidMarker:
        return "X"
    except (UndefinedComparison, UndefinedEnvironmentName):
        return "E"


VERSIONS = [
    *["0.9", "1", "1.0", "1.0.0", "1.0.1", "1.1", "1.10", "2", "1.0a1", "1.0b2.dev3", "1.0rc1", "1.0rc2", "1.0.dev1"],
    *["1.0.post1", "1.0.post2", "1.0.post1.dev1", "1.0+local", "1.0.post1+local.1", "1.1rc1", "1!1.0", "1!0.5"],
]
BOUNDS = ["1", "1.0", "1.0.0.0", "1.0.1", "1.1", "1.0a1", "1.0rc1", "1.0rc2", "1.0.dev1", "1.0.post1", "1.0.post2", "1!1.0", "1!0.9"]


def specifiers():
    chance = random.Random(440)
    single = [operator + bound for operator in ["==", "!=", "<", "<=", ">", ">=", "~=", "==="] for bound in BOUNDS]
    prefixes = [f"{operator}{bound}.*" for operator in ["==", "!="] for bound in ["1", "1.0", "1.0.0", "1.1", "1!1"]]
    local = ["==1.0+local", "!=1.0+local", "==1.0+other"]
    both = [" , ".join(chance.sample(single + prefixes, 2)) for _ in range(60)]
    for text in [*single, *prefixes, *local, *both, "", ">=1,"]:
        try:
            yield text, SpecifierSet(text)
        except InvalidSpecifier:
            pass


def table(question):
    envs = [environment(one["machine"], one["python"]) for one in question["environments"]]
    markers = [*WRITTEN, *(one for one in generated(question["markers"]) if one not in WRITTEN)]
    lists = []
    for machine, libc, python in itertools.product(question["machines"], question["libcs"], question["pythons"]):
        texts = [str(tag) for tag in tag_list(machine, libc, python)]
        digest = hashlib.sha256("\n".join(texts).encode()).hexdigest()
        row = {"machine": machine, "libc": libc, "python": python, "count": len(texts), "sha256": digest}
        lists.append({**row, "head": texts[:4]})
    verdicts = {text: "".join(verdict(text, env) for env in envs) for text in markers}
    meets = {
        text: "".join("T" if one.contains(version, prereleases=True) else "F" for version in VERSIONS)
        for text, one in specifiers()
    }
    environments = question["environments"]
    return {"environments": environments, "markers": verdicts, "tags": lists, "versions": VERSIONS, "specifiers": meets}


json.dump({"select": select, "table": table}[sys.argv[1]](json.load(sys.stdin)), sys.stdout)
