//! A line that is far away and narrow: bytes arrive later than they are sent, and not faster than
//! the line takes them, on each connection alone.

use std::io::{Read, Write};
use std::net::{Ipv4Addr, Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread;
use std::time::{Duration, Instant};

/// What is on its way in one direction may be so many pieces.
const PIECES: usize = 64;
const PIECE: usize = 16 * 1024;

/// A relay on loopback to a server; it lives as long as the process.
pub(crate) struct Line {
    address: SocketAddr,
}

impl Line {
    /// Opens one to `server`: there and back takes `latency`, and each connection takes
    /// `rate` bytes a second towards the server.
    pub(crate) fn to(server: SocketAddr, latency: Duration, rate: f64) -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a port is free");
        let address = listener.local_addr().expect("a listener has an address");
        thread::spawn(move || {
            for client in listener.incoming().flatten() {
                if let Ok(server) = TcpStream::connect(server) {
                    let way = latency / 2;
                    pump(&client, &server, way, Some(rate));
                    pump(&server, &client, way, None);
                }
            }
        });
        Self { address }
    }

    /// Returns its URL for who takes it as a proxy.
    pub(crate) fn url(&self) -> String {
        format!("http://{}", self.address)
    }
}

fn pump(from: &TcpStream, to: &TcpStream, way: Duration, rate: Option<f64>) {
    let (Ok(from), Ok(to)) = (from.try_clone(), to.try_clone()) else {
        return;
    };
    let _ = to.set_nodelay(true);
    let (sender, receiver) = sync_channel(PIECES);
    thread::spawn(move || take(from, &sender, rate));
    thread::spawn(move || give(to, &receiver, way));
}

/// Takes bytes from one end, as fast as the line does.
fn take(mut from: TcpStream, sender: &SyncSender<(Instant, Vec<u8>)>, rate: Option<f64>) {
    let mut free = Instant::now();
    let mut buffer = vec![0; PIECE];
    while let Ok(count @ 1..) = from.read(&mut buffer) {
        let now = Instant::now();
        if let Some(rate) = rate {
            let length = u32::try_from(count).map_or(0.0, f64::from);
            free = free.max(now) + Duration::from_secs_f64(length / rate);
            thread::sleep(free.saturating_duration_since(now));
        }
        if sender
            .send((Instant::now(), buffer[..count].to_vec()))
            .is_err()
        {
            break;
        }
    }
}

/// Gives them to the other end when they have come all the way.
fn give(mut to: TcpStream, receiver: &Receiver<(Instant, Vec<u8>)>, way: Duration) {
    for (sent, bytes) in receiver {
        thread::sleep((sent + way).saturating_duration_since(Instant::now()));
        if to.write_all(&bytes).is_err() {
            break;
        }
    }
    let _ = to.shutdown(Shutdown::Write);
}
