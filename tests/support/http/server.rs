//! The server: it accepts, reads heads, asks its handler, and stops when dropped.

use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use rustls::{ServerConfig, ServerConnection, StreamOwned};

use super::connection::Connection;
use super::h2::{self, Mishap};
use super::reply::Reply;
use super::request::{Body, Request};

/// How long a client may go on sending a body nobody reads before the connection is closed on it.
const LINGER: Duration = Duration::from_millis(500);

pub(super) type Handler = dyn Fn(&Request, &mut Body<'_>) -> Reply + Send + Sync;

/// A server on a loopback port of its own.
pub struct Server {
    address: SocketAddr,
    scheme: &'static str,
    state: Arc<State>,
    accepting: Option<JoinHandle<()>>,
}

#[derive(Default)]
pub(super) struct State {
    stopped: AtomicBool,
    open: Mutex<Vec<TcpStream>>,
    connections: AtomicUsize,
    unheard: Mutex<Vec<String>>,
}

impl State {
    pub(super) fn is_stopped(&self) -> bool {
        self.stopped.load(Ordering::SeqCst)
    }

    /// Counts a connection.
    pub(super) fn count(&self) {
        self.connections.fetch_add(1, Ordering::SeqCst);
    }

    /// Keeps a connection open until the server ends: one that is closed on unread bytes is reset, and
    /// with it goes what the client has not read yet.
    pub(super) fn keep(&self, stream: &TcpStream) {
        if let Ok(copy) = stream.try_clone() {
            let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
            open.push(copy);
        }
    }

    /// Notes that a request was carried out, and that its answer found the line cut.
    pub(super) fn note_unheard(&self, request: String) {
        let mut unheard = self.unheard.lock().unwrap_or_else(PoisonError::into_inner);
        unheard.push(request);
    }
}

impl Server {
    /// Starts a plain server that answers with what `handler` returns.
    pub fn start(
        handler: impl Fn(&Request, &mut Body<'_>) -> Reply + Send + Sync + 'static,
    ) -> Self {
        Self::listen(
            listener(Ipv4Addr::LOCALHOST.into()),
            Arc::new(handler),
            None,
        )
    }

    /// Starts a plain one on `::1`.
    pub fn start_v6(
        handler: impl Fn(&Request, &mut Body<'_>) -> Reply + Send + Sync + 'static,
    ) -> Self {
        Self::listen(
            listener(Ipv6Addr::LOCALHOST.into()),
            Arc::new(handler),
            None,
        )
    }

    /// Starts one that speaks TLS; see [`Authority`](super::Authority).
    pub fn start_tls(
        configuration: Arc<ServerConfig>,
        handler: impl Fn(&Request, &mut Body<'_>) -> Reply + Send + Sync + 'static,
    ) -> Self {
        let listener = listener(Ipv4Addr::LOCALHOST.into());
        Self::listen(listener, Arc::new(handler), Some(configuration))
    }

    /// Starts one that speaks HTTP/2 and nothing else; what goes wrong with a request is told by its
    /// number, the first being number 1.
    pub fn start_h2(
        configuration: Arc<ServerConfig>,
        handler: impl Fn(&Request, &mut Body<'_>) -> Reply + Send + Sync + 'static,
        mishaps: impl Fn(usize) -> Mishap + Send + Sync + 'static,
    ) -> Self {
        let handler: Arc<Handler> = Arc::new(handler);
        let mishaps: Arc<h2::Mishaps> = Arc::new(mishaps);
        let listener = listener(Ipv4Addr::LOCALHOST.into());
        Self::accepting(listener, "https", move |listener, state| {
            h2::accept(listener, state, &handler, configuration, &mishaps);
        })
    }

    /// Returns how many connections have been made.
    pub fn connections(&self) -> usize {
        self.state.connections.load(Ordering::SeqCst)
    }

    /// Returns what was carried out though its answer found the line cut: `POST /v2/…`. Known of
    /// HTTP/2 alone, where one request can end the line of others.
    pub fn unheard(&self) -> Vec<String> {
        let unheard = self.state.unheard.lock();
        unheard.unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Returns `127.0.0.1:PORT`.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Returns the URL of `path`, which starts with `/`.
    pub fn url(&self, path: &str) -> String {
        format!("{}://{}{path}", self.scheme, self.address)
    }

    fn listen(
        listener: TcpListener,
        handler: Arc<Handler>,
        tls: Option<Arc<ServerConfig>>,
    ) -> Self {
        let scheme = if tls.is_some() { "https" } else { "http" };
        Self::accepting(listener, scheme, move |listener, state| {
            accept(&listener, state, &handler, tls.as_ref());
        })
    }

    fn accepting(
        listener: TcpListener,
        scheme: &'static str,
        accept: impl FnOnce(TcpListener, &Arc<State>) + Send + 'static,
    ) -> Self {
        let address = listener.local_addr().expect("a listener has an address");
        let state = Arc::new(State::default());
        let accepting = thread::spawn({
            let state = Arc::clone(&state);
            move || accept(listener, &state)
        });
        Self {
            address,
            scheme,
            state,
            accepting: Some(accepting),
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.state.stopped.store(true, Ordering::SeqCst);
        // wakes the one who waits for connections
        let _ = TcpStream::connect(self.address);
        if let Some(accepting) = self.accepting.take() {
            let _ = accepting.join();
        }
        let open = self.state.open.lock();
        for stream in open.unwrap_or_else(PoisonError::into_inner).iter() {
            let _ = stream.shutdown(Shutdown::Both);
        }
    }
}

fn listener(address: IpAddr) -> TcpListener {
    TcpListener::bind((address, 0)).expect("a port is free")
}

fn accept(
    listener: &TcpListener,
    state: &Arc<State>,
    handler: &Arc<Handler>,
    tls: Option<&Arc<ServerConfig>>,
) {
    for stream in listener.incoming() {
        if state.stopped.load(Ordering::SeqCst) {
            return;
        }
        let Ok(stream) = stream else { continue };
        state.count();
        let _ = stream.set_nodelay(true);
        state.keep(&stream);
        let handler = Arc::clone(handler);
        let tls = tls.cloned();
        thread::spawn(move || {
            let raw = stream.try_clone();
            // a client that goes away ends its connection and nothing else
            let _ = serve(stream, &*handler, tls);
            // one that speaks another protocol would wait for an answer: a copy is kept open
            let _ = raw.map(|raw| raw.shutdown(Shutdown::Both));
        });
    }
}

fn serve(stream: TcpStream, handler: &Handler, tls: Option<Arc<ServerConfig>>) -> io::Result<()> {
    let raw = stream.try_clone()?;
    let mut connection = match tls {
        None => Connection::new(stream),
        Some(configuration) => {
            let session = ServerConnection::new(configuration).map_err(io::Error::other)?;
            Connection::new(StreamOwned::new(session, stream))
        }
    };
    while let Some(request) = connection.head()? {
        let mut body = Body::of(&request, &mut connection);
        let reply = handler(&request, &mut body);
        let read = body.is_read();
        // the client must not ask again on a connection that is about to be closed
        let reply = if read { reply } else { reply.closing() };
        let asked_to_close = request
            .header("connection")
            .is_some_and(|value| value.eq_ignore_ascii_case("close"));
        let reusable = reply.send(&mut connection, request.method == "HEAD")?;
        if !read {
            linger(&raw, &mut connection);
            break;
        }
        if !reusable || asked_to_close {
            break;
        }
    }
    raw.shutdown(Shutdown::Both)
}

/// Reads on for a moment: a connection closed on unread bytes is reset, and the answer is lost.
fn linger(raw: &TcpStream, connection: &mut Connection) {
    let _ = raw.shutdown(Shutdown::Write);
    let _ = raw.set_read_timeout(Some(LINGER));
    let mut buffer = [0; 16 * 1024];
    while connection.read(&mut buffer).is_ok_and(|count| count > 0) {}
}
