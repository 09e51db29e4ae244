//! A relay on loopback: bytes go through it, later than they came.
//!
//! It puts a distance between two programs on one machine. What it delays it does not slow down: as
//! on a long line, bytes are under way while others follow. It can be narrow, and it can be a proxy
//! that leads to servers under other names than theirs.

use std::io::{self, BufRead as _, BufReader, Read, Write as _};
use std::net::{Ipv4Addr, Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, sync_channel};
use std::thread;
use std::time::{Duration, Instant};

/// How many pieces can be under way in one direction.
const UNDER_WAY: usize = 1024;
/// How many bytes a piece can have.
const PIECE: usize = 16 * 1024;

/// A relay; it takes no more connections once it is dropped.
pub struct Relay {
    address: SocketAddr,
    state: Arc<State>,
}

struct State {
    way: Way,
    round_trip: Duration,
    /// How many bytes a second each connection takes towards the server, where that is bounded.
    rate: Option<u32>,
    stopped: AtomicBool,
    connections: AtomicUsize,
}

/// Where connections lead.
enum Way {
    /// To one server.
    To(SocketAddr),
    /// To the server with the name that a client asks for with CONNECT: `host:port`.
    Named(Vec<(String, SocketAddr)>),
}

impl Relay {
    /// Starts a relay to a server at a distance: an answer comes this much later, and so does the
    /// first byte of a new connection.
    pub fn to(server: SocketAddr, round_trip: Duration) -> Self {
        Self::start(Way::To(server), round_trip, None)
    }

    /// Starts one that is narrow, too: each connection takes this many bytes a second towards the
    /// server.
    pub fn narrow(server: SocketAddr, round_trip: Duration, rate: u32) -> Self {
        Self::start(Way::To(server), round_trip, Some(rate))
    }

    /// Starts a proxy that knows these servers by name, `host:port`, and no others.
    pub fn proxy(servers: &[(&str, SocketAddr)]) -> Self {
        let servers = servers.iter();
        let servers = servers.map(|(name, address)| ((*name).to_owned(), *address));
        Self::start(Way::Named(servers.collect()), Duration::ZERO, None)
    }

    /// Returns `127.0.0.1:PORT`.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Returns how many connections have been made.
    pub fn connections(&self) -> usize {
        self.state.connections.load(Ordering::SeqCst)
    }

    fn start(way: Way, round_trip: Duration, rate: Option<u32>) -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a port is free");
        let address = listener.local_addr().expect("a listener has an address");
        let state = Arc::new(State {
            way,
            round_trip,
            rate,
            stopped: AtomicBool::new(false),
            connections: AtomicUsize::new(0),
        });
        let shared = Arc::clone(&state);
        thread::spawn(move || {
            for client in listener.incoming() {
                if shared.stopped.load(Ordering::SeqCst) {
                    return;
                }
                let Ok(client) = client else { continue };
                shared.connections.fetch_add(1, Ordering::SeqCst);
                let shared = Arc::clone(&shared);
                // who goes away ends a connection and nothing else
                thread::spawn(move || connect(&shared, client));
            }
        });
        Self { address, state }
    }
}

impl Drop for Relay {
    fn drop(&mut self) {
        self.state.stopped.store(true, Ordering::SeqCst);
        // wakes the one who waits for connections
        let _ = TcpStream::connect(self.address);
    }
}

fn connect(state: &State, mut client: TcpStream) -> io::Result<()> {
    client.set_nodelay(true)?;
    let address = match &state.way {
        Way::To(address) => *address,
        Way::Named(servers) => {
            let name = asked(&client)?;
            let found = servers.iter().find(|(known, _)| *known == name);
            let Some((_, address)) = found else {
                return client.write_all(b"HTTP/1.1 502 Unknown\r\ncontent-length: 0\r\n\r\n");
            };
            client.write_all(b"HTTP/1.1 200 Connected\r\n\r\n")?;
            *address
        }
    };
    // the greetings of a connection take their time, too
    thread::sleep(state.round_trip);
    let server = TcpStream::connect(address)?;
    server.set_nodelay(true)?;
    let delay = state.round_trip / 2;
    carry(client.try_clone()?, server.try_clone()?, delay, state.rate);
    carry(server, client, delay, None);
    Ok(())
}

/// Returns the name that a client asks for.
fn asked(client: &TcpStream) -> io::Result<String> {
    // the client says nothing more before it is answered, so nothing is read ahead
    let mut reader = BufReader::new(client);
    let mut first = String::new();
    reader.read_line(&mut first)?;
    let mut line = String::new();
    while reader.read_line(&mut line)? > 2 {
        line.clear();
    }
    let mut words = first.split(' ');
    let is_connect = words.next() == Some("CONNECT");
    let name = words.next().filter(|_| is_connect).unwrap_or_default();
    Ok(name.to_owned())
}

/// Carries bytes in one direction.
fn carry(mut from: TcpStream, mut to: TcpStream, delay: Duration, rate: Option<u32>) {
    let (sender, pieces): (_, Receiver<(Instant, Vec<u8>)>) = sync_channel(UNDER_WAY);
    thread::spawn(move || {
        let mut buffer = vec![0; PIECE];
        let mut free = Instant::now();
        while let Ok(count) = from.read(&mut buffer) {
            if let Some(rate) = rate {
                let now = Instant::now();
                let length = u32::try_from(count).unwrap_or(u32::MAX);
                free = free.max(now) + Duration::from_secs(1) * length / rate;
                thread::sleep(free.saturating_duration_since(now));
            }
            let piece = buffer[..count].to_vec();
            if sender.send((Instant::now() + delay, piece)).is_err() || count == 0 {
                return;
            }
        }
    });
    thread::spawn(move || {
        for (due, piece) in pieces {
            thread::sleep(due.saturating_duration_since(Instant::now()));
            if piece.is_empty() || to.write_all(&piece).is_err() {
                break;
            }
        }
        let _ = to.shutdown(Shutdown::Write);
    });
}

#[cfg(test)]
mod tests {
    use std::io::{Read as _, Write as _};
    use std::net::TcpStream;
    use std::time::{Duration, Instant};

    use super::Relay;
    use crate::http::{Reply, Server};

    fn get(relay: &Relay, before: &str) -> String {
        let mut stream = TcpStream::connect(relay.address()).unwrap();
        let request = format!("{before}GET / HTTP/1.1\r\nconnection: close\r\n\r\n");
        stream.write_all(request.as_bytes()).unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        answer
    }

    #[test]
    fn an_answer_comes_later() {
        let server = Server::start(|_, _| Reply::new(200).body("here"));
        let relay = Relay::to(server.address(), Duration::from_millis(40));
        let start = Instant::now();
        assert!(get(&relay, "").ends_with("here"));
        assert!(start.elapsed() >= Duration::from_millis(80));
        assert_eq!(relay.connections(), 1);
    }

    #[test]
    fn a_narrow_line_takes_its_time_towards_the_server() {
        let server = Server::start(|_, body| {
            body.bytes().unwrap();
            Reply::new(200).body("here".repeat(25_000))
        });
        let relay = Relay::narrow(server.address(), Duration::ZERO, 200_000);
        let start = Instant::now();
        let before = format!(
            "POST / HTTP/1.1\r\ncontent-length: 40000\r\n\r\n{}",
            "x".repeat(40_000)
        );
        assert!(get(&relay, &before).contains("here"));
        assert!(start.elapsed() >= Duration::from_millis(200));
    }

    #[test]
    fn a_proxy_leads_to_whom_it_knows() {
        let server = Server::start(|_, _| Reply::new(200).body("here"));
        let relay = Relay::proxy(&[("registry.example.com:443", server.address())]);
        let mut stream = TcpStream::connect(relay.address()).unwrap();
        stream
            .write_all(b"CONNECT registry.example.com:443 HTTP/1.1\r\n\r\n")
            .unwrap();
        let mut answer = [0; 26];
        stream.read_exact(&mut answer).unwrap();
        stream
            .write_all(b"GET / HTTP/1.1\r\nconnection: close\r\n\r\n")
            .unwrap();
        let mut text = String::new();
        stream.read_to_string(&mut text).unwrap();
        assert!(text.ends_with("here"), "{text}");
        let unknown = "CONNECT other.example.com:443 HTTP/1.1\r\n\r\n";
        assert!(get(&relay, unknown).starts_with("HTTP/1.1 502"));
    }
}
