//! Debian's docker-registry, run for a test.

mod token;

use std::fs;
use std::io::{Read as _, Write as _};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use token::TokenServer;

use crate::http::Authority;
use crate::image::media;
use crate::{Scene, peer};

/// Who gets tokens.
pub const USER: &str = "ada";
/// For this.
pub const PASSWORD: &str = "correct-horse";

/// How long the registry may take to begin.
const PATIENCE: Duration = Duration::from_secs(30);

/// Who is let in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Door {
    /// Everybody.
    Open,
    /// Who knows the password of this user.
    Htpasswd {
        /// The user's name.
        user: &'static str,
        /// The password.
        password: &'static str,
    },
    /// Who has a token, which [`USER`] gets for [`PASSWORD`].
    Token,
}

/// How a registry shows who it is.
enum Tls<'a> {
    None,
    /// By a certificate of this authority, with these further names.
    Of(&'a Authority, &'a [&'a str]),
    /// By the certificate in its directory.
    SelfSigned,
}

/// A registry that runs until it is dropped.
pub struct Distribution {
    child: Child,
    port: u16,
    door: Door,
    directory: Scene,
    has_tls: bool,
    tokens: Option<TokenServer>,
}

impl Distribution {
    /// Starts a registry over plain HTTP.
    pub fn start(door: Door) -> Self {
        Self::run(Scene::new(), door, &Tls::None)
    }

    /// Starts an open one over plain HTTP that holds what another one does.
    pub fn copy_of(other: &Self) -> Self {
        let directory = Scene::new();
        // what is stored is moved to its place and never changed there
        let linked = directory
            .command("cp")
            .args(["--recursive", "--link"])
            .arg(other.directory.path("storage"))
            .arg(directory.path("storage"));
        linked.run().succeeds();
        Self::run(directory, Door::Open, &Tls::None)
    }

    /// Starts a registry over TLS.
    pub fn start_tls(door: Door) -> Self {
        Self::start_as(door, &[])
    }

    /// Starts a registry over TLS whose certificate has further names.
    pub fn start_as(door: Door, names: &[&str]) -> Self {
        Self::run(Scene::new(), door, &Tls::Of(&Authority::new(), names))
    }

    /// Starts a registry over TLS whose certificate signed itself, as `openssl req -x509` makes it: an
    /// authority's and the server's at once.
    pub fn start_self_signed(door: Door) -> Self {
        let directory = Scene::new();
        let make = directory.command("openssl").args([
            "req",
            "-x509",
            "-newkey",
            "rsa:2048",
            "-nodes",
            "-days",
            "2",
            "-subj",
            "/CN=localhost",
            "-addext",
            "subjectAltName=DNS:localhost,IP:127.0.0.1",
            "-keyout",
            "tls.key",
            "-out",
            "tls.pem",
        ]);
        make.run().succeeds();
        directory.write("ca.pem", directory.read("tls.pem"));
        Self::run(directory, door, &Tls::SelfSigned)
    }

    fn run(directory: Scene, door: Door, tls: &Tls<'_>) -> Self {
        let write = |name: &str, text: &str| -> PathBuf {
            directory.write(name, text);
            directory.path(name)
        };
        let port = free_port();
        let mut lines = vec![
            "version: 0.1".to_owned(),
            "log: {level: error}".to_owned(),
            format!(
                "storage: {{filesystem: {{rootdirectory: {}}}, delete: {{enabled: true}}}}",
                directory.path("storage").display()
            ),
        ];
        let has_tls = !matches!(tls, Tls::None);
        if let Tls::Of(authority, names) = tls {
            let (certificate, key) = authority.pair(names);
            write("tls.pem", &certificate.pem());
            write("tls.key", &key.serialize_pem());
            write("ca.pem", &authority.pem());
        }
        let mut tls = String::new();
        if has_tls {
            let [certificate, key] = ["tls.pem", "tls.key"].map(|name| directory.path(name));
            tls = format!(
                ", tls: {{certificate: {}, key: {}}}",
                certificate.display(),
                key.display()
            );
        }
        lines.push(format!("http: {{addr: '127.0.0.1:{port}'{tls}}}"));
        let mut tokens = None;
        match door {
            Door::Open => {}
            Door::Htpasswd { user, password } => {
                let file = write("htpasswd", &htpasswd(user, password));
                lines.push(format!(
                    "auth: {{htpasswd: {{realm: test, path: {}}}}}",
                    file.display()
                ));
            }
            Door::Token => {
                let server = TokenServer::start(USER, PASSWORD);
                let roots = write("tokens.pem", &server.roots());
                lines.push(format!(
                    "auth: {{token: {{realm: '{}', service: {}, issuer: {}, rootcertbundle: {}}}}}",
                    server.realm(),
                    token::SERVICE,
                    token::ISSUER,
                    roots.display()
                ));
                tokens = Some(server);
            }
        }
        let configuration = write("config.yml", &(lines.join("\n") + "\n"));
        let [log, requests] = ["log", "requests"]
            .map(|name| fs::File::create(directory.path(name)).expect("a log can be made"));
        let mut child = Command::new(peer("docker-registry"))
            .arg("serve")
            .arg(configuration)
            .env_clear()
            .env("OTEL_TRACES_EXPORTER", "none")
            .stdin(Stdio::null())
            .stdout(requests)
            .stderr(log)
            .spawn()
            .expect("docker-registry can be started");
        let deadline = Instant::now() + PATIENCE;
        while TcpStream::connect((Ipv4Addr::LOCALHOST, port)).is_err() {
            let log = || fs::read_to_string(directory.path("log")).unwrap_or_default();
            let ended = child.try_wait().expect("a child can be asked");
            assert!(ended.is_none(), "docker-registry has ended: {}", log());
            assert!(
                Instant::now() < deadline,
                "docker-registry is silent: {}",
                log()
            );
            thread::sleep(Duration::from_millis(20));
        }
        Self {
            child,
            port,
            door,
            directory,
            has_tls,
            tokens,
        }
    }

    /// Returns the address it listens at.
    pub fn address(&self) -> SocketAddr {
        SocketAddr::from((Ipv4Addr::LOCALHOST, self.port))
    }

    /// Returns `127.0.0.1:PORT`.
    pub fn host(&self) -> String {
        format!("127.0.0.1:{}", self.port)
    }

    /// Returns the file of the authority that signed its certificate.
    pub fn ca(&self) -> Option<PathBuf> {
        self.has_tls.then(|| self.directory.path("ca.pem"))
    }

    /// Returns the user and the password it wants.
    pub fn login(&self) -> Option<(&'static str, &'static str)> {
        match self.door {
            Door::Open => None,
            Door::Htpasswd { user, password } => Some((user, password)),
            Door::Token => Some((USER, PASSWORD)),
        }
    }

    /// Returns how many requests have been answered.
    pub fn requests(&self) -> usize {
        let log = fs::read_to_string(self.directory.path("requests")).unwrap_or_default();
        log.lines().count()
    }

    /// Asks an open registry for the digest of something below a repository, such as
    /// `manifests/latest`; nothing where it is not there.
    pub fn find(&self, repository: &str, what: &str) -> Option<String> {
        let request = format!(
            "HEAD /v2/{repository}/{what} HTTP/1.1\r\nhost: {}\r\nconnection: close\r\n\
             accept: {}\r\naccept: {}\r\n\r\n",
            self.host(),
            media::OCI_INDEX,
            media::OCI_MANIFEST
        );
        let mut stream = TcpStream::connect(self.address()).expect("the registry listens");
        let written = stream.write_all(request.as_bytes());
        written.expect("the registry reads");
        let mut answer = String::new();
        let read = stream.read_to_string(&mut answer);
        read.expect("the registry answers");
        let is_there = answer.starts_with("HTTP/1.1 200");
        let mut lines = answer.lines().filter(|_| is_there);
        lines.find_map(|line| {
            let (name, value) = line.split_once(':')?;
            let is_digest = name.eq_ignore_ascii_case("docker-content-digest");
            is_digest.then(|| value.trim().to_owned())
        })
    }

    /// Returns how many tokens have been given out.
    pub fn tokens(&self) -> usize {
        self.tokens.as_ref().map_or(0, TokenServer::given)
    }
}

impl Drop for Distribution {
    fn drop(&mut self) {
        // it may have ended already
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Returns a port that nobody uses now.
pub fn free_port() -> u16 {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a port is free");
    listener.local_addr().expect("it has an address").port()
}

fn htpasswd(user: &str, password: &str) -> String {
    let output = Command::new(peer("htpasswd"))
        .args(["-nbB", user, password])
        .output()
        .expect("htpasswd can be run");
    assert!(output.status.success(), "htpasswd failed");
    String::from_utf8_lossy(&output.stdout).into_owned()
}
