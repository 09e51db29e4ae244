//! Debian's docker-registry, run for a test.

mod token;

use std::fs;
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use duat_tests::http::Authority;
use duat_tests::{Scene, peer};

use token::TokenServer;

pub(crate) const USER: &str = "ada";
pub(crate) const PASSWORD: &str = "correct-horse";

/// How long the registry may take to begin.
const PATIENCE: Duration = Duration::from_secs(30);

/// Who is let in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Door {
    /// Everybody.
    Open,
    /// Who knows the password of this user.
    Htpasswd {
        user: &'static str,
        password: &'static str,
    },
    /// Who has a token, which [`USER`] gets for [`PASSWORD`].
    Token,
}

/// A registry that runs until it is dropped.
pub(crate) struct Distribution {
    child: Child,
    port: u16,
    door: Door,
    directory: Scene,
    authority: Option<Authority>,
    tokens: Option<TokenServer>,
}

impl Distribution {
    /// Starts a registry over plain HTTP.
    pub(crate) fn start(door: Door) -> Self {
        Self::run(door, None, &[])
    }

    /// Starts a registry over TLS.
    pub(crate) fn start_tls(door: Door) -> Self {
        Self::start_as(door, &[])
    }

    /// Starts a registry over TLS whose certificate has further names.
    pub(crate) fn start_as(door: Door, names: &[&str]) -> Self {
        Self::run(door, Some(Authority::new()), names)
    }

    fn run(door: Door, authority: Option<Authority>, names: &[&str]) -> Self {
        let directory = Scene::new();
        let write = |name: &str, text: &str| -> PathBuf {
            directory.write(name, text);
            directory.path(name)
        };
        let port = free_port();
        let mut lines = vec![
            "version: 0.1".to_owned(),
            "log: {level: error, accesslog: {disabled: true}}".to_owned(),
            format!(
                "storage: {{filesystem: {{rootdirectory: {}}}, delete: {{enabled: true}}}}",
                directory.path("storage").display()
            ),
        ];
        let mut tls = String::new();
        if let Some(authority) = &authority {
            let (certificate, key) = authority.pair(names);
            let certificate = write("tls.pem", &certificate.pem());
            let key = write("tls.key", &key.serialize_pem());
            write("ca.pem", &authority.pem());
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
        let log = fs::File::create(directory.path("log")).expect("a log can be made");
        let mut child = Command::new(peer("docker-registry"))
            .arg("serve")
            .arg(configuration)
            .env_clear()
            .env("OTEL_TRACES_EXPORTER", "none")
            .stdin(Stdio::null())
            .stdout(Stdio::null())
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
            authority,
            tokens,
        }
    }

    /// Returns the address it listens at.
    pub(crate) fn address(&self) -> SocketAddr {
        SocketAddr::from((Ipv4Addr::LOCALHOST, self.port))
    }

    /// Returns `127.0.0.1:PORT`.
    pub(crate) fn host(&self) -> String {
        format!("127.0.0.1:{}", self.port)
    }

    /// Returns the file of the authority that signed its certificate.
    pub(crate) fn ca(&self) -> Option<PathBuf> {
        let ca = || self.directory.path("ca.pem");
        self.authority.as_ref().map(|_| ca())
    }

    /// Returns the user and the password it wants.
    pub(crate) fn login(&self) -> Option<(&'static str, &'static str)> {
        match self.door {
            Door::Open => None,
            Door::Htpasswd { user, password } => Some((user, password)),
            Door::Token => Some((USER, PASSWORD)),
        }
    }

    /// Returns how many tokens have been given out.
    pub(crate) fn tokens(&self) -> usize {
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
pub(crate) fn free_port() -> u16 {
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
