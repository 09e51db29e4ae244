//! The workflow files below `docs/ci`, played by programs that run such files elsewhere.

mod actions;
mod gitlab;
mod jenkins;
mod tekton;

use std::fs;
use std::path::{Path, PathBuf};

use duat_tests::distribution::{Distribution, PASSWORD, USER};
use duat_tests::{Scene, binary, peer};

/// Returns where a file below `docs/ci` is.
fn file(name: &str) -> PathBuf {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    root.join("../docs/ci").join(name)
}

/// Returns the text of a file below `docs/ci`.
fn text(name: &str) -> String {
    fs::read_to_string(file(name)).expect("the file can be read")
}

/// Makes an archive as a release has it, with links to tools, and returns its URL and its checksum.
fn archive(scene: &Scene, name: &str, tools: &[&str]) -> (String, String) {
    let make = format!(
        "mkdir -p {name}-1/bin && ln -sf \"$@\" {name}-1/bin && tar -czf {name}.tar.gz {name}-1 && \
         sha256sum {name}.tar.gz"
    );
    let call = scene.command("/bin/sh").args(["-c", &make, "sh"]);
    let call = call.args(tools.iter().map(|tool| binary(tool)));
    let outcome = call.current_dir(scene.home()).run();
    let sum = outcome.succeeds().stdout()[..64].to_owned();
    let file = scene.home().join(format!("{name}.tar.gz"));
    (format!("file://{}", file.display()), sum)
}

/// A program whose image is made from a template, next version 0.0.2; it is in no repository yet.
fn product(registry: &Distribution) -> Scene {
    let scene = Scene::new();
    scene.write(
        "README.md",
        "# Tool\n\nVersion <repo-version>0.0.2</repo-version>\n",
    );
    scene.write("VERSION", "0.0.2\n");
    scene.write("duat.toml", "[version]\ntargets = ['VERSION']\n");
    scene.write("app", "the program\n");
    let image = "FROM scratch\nCOPY app /app\nLABEL version={{ duat.version }}\n";
    scene.write("Dockerfile.in", image);
    let [images, running] = ["images", "running"].map(|name| scene.home().join(name));
    let storage = format!(
        "[storage]\ndriver = 'vfs'\ngraphroot = '{}'\nrunroot = '{}'\n",
        images.display(),
        running.display()
    );
    let registries = format!(
        "[[registry]]\nlocation = '{}'\ninsecure = true\n",
        registry.host()
    );
    for ((_, file), text) in buildah(&scene).into_iter().zip([storage, registries]) {
        scene.write(file, text);
    }
    scene
}

/// Returns the digest of the image of [`product`], as skopeo finds it.
#[track_caller]
fn digest(registry: &Distribution, repository: &str, tag: &str) -> String {
    let scene = Scene::new();
    let name = format!("docker://{}/{repository}/app:{tag}", registry.host());
    let inspect = [
        "inspect",
        "--tls-verify=false",
        "--format",
        "{{.Digest}}",
        "--creds",
    ];
    let call = scene.command(peer("skopeo")).args(inspect);
    let outcome = call.args([format!("{USER}:{PASSWORD}"), name]).run();
    outcome.succeeds().stdout().to_owned()
}

/// Returns the variables that lead buildah to the files of [`product`].
fn buildah(scene: &Scene) -> [(&'static str, PathBuf); 2] {
    [
        ("CONTAINERS_STORAGE_CONF", scene.home().join("storage.conf")),
        (
            "CONTAINERS_REGISTRIES_CONF",
            scene.home().join("registries.conf"),
        ),
    ]
}

/// Writes a program for the shell.
fn program(scene: &Scene, path: impl AsRef<Path>, text: &str) {
    scene.write(&path, format!("#!/bin/sh\n{text}"));
    let mode = scene.command("chmod").arg("+x").arg(scene.path(path));
    mode.run().succeeds();
}
