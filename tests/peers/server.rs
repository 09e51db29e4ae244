//! A server of others, run for a test.

use std::net::TcpStream;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use duat_tests::peer;

/// How long a server may take to begin.
const PATIENCE: Duration = Duration::from_mins(1);

/// A server that runs until it is dropped.
pub(crate) struct Server(Child);

impl Server {
    /// Starts a peer, and waits until it listens at an address.
    pub(crate) fn start(program: &str, arguments: &[&str], address: &str) -> Self {
        let child = Command::new(peer(program))
            .args(arguments)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("the server can be started");
        let mut server = Self(child);
        let deadline = Instant::now() + PATIENCE;
        while TcpStream::connect(address).is_err() {
            let ended = server.0.try_wait().expect("a child can be asked");
            assert!(ended.is_none(), "{program} has ended: {ended:?}");
            assert!(Instant::now() < deadline, "{program} is silent");
            thread::sleep(Duration::from_millis(50));
        }
        server
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // it may have ended already
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}
