//! The same server for who speaks HTTP/2: many requests share one connection, and one that ends
//! ends all of them.

use std::io::{self, Cursor, Read, Write};
use std::net::{Shutdown, TcpListener};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use bytes::Bytes;
use h2::server::{Connection as Streams, SendResponse};
use h2::{Reason, RecvStream};
use rustls::ServerConfig;
use tokio::net::TcpStream;
use tokio::task::JoinError;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::server::TlsStream;

use super::connection::Connection;
use super::request::Body;
use super::server::{Handler, State};

/// What goes wrong with a request, or with the connection that it comes on.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Mishap {
    /// Nothing.
    None,
    /// The stream is refused: it can be asked again.
    Refused,
    /// The stream is reset.
    Reset,
    /// This one is answered, and no further one on this connection.
    Retired,
    /// The connection ends at once.
    Aborted,
}

pub(super) type Mishaps = dyn Fn(usize) -> Mishap + Send + Sync;

/// Accepts connections until the server is stopped.
pub(super) fn accept(
    listener: TcpListener,
    state: &Arc<State>,
    handler: &Arc<Handler>,
    tls: Arc<ServerConfig>,
    mishaps: &Arc<Mishaps>,
) {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .expect("a runtime can be made");
    runtime.block_on(async {
        listener
            .set_nonblocking(true)
            .expect("a listener can be asked without waiting");
        let listener = tokio::net::TcpListener::from_std(listener).expect("it is a listener");
        let acceptor = TlsAcceptor::from(tls);
        let asked = Arc::new(AtomicUsize::new(0));
        loop {
            let accepted = listener.accept().await;
            if state.is_stopped() {
                return;
            }
            let Ok((stream, _)) = accepted else { continue };
            state.count();
            let Ok(raw) = stream.into_std() else { continue };
            state.keep(&raw);
            let (acceptor, handler) = (acceptor.clone(), Arc::clone(handler));
            let (asked, mishaps) = (Arc::clone(&asked), Arc::clone(mishaps));
            let state = Arc::clone(state);
            tokio::spawn(async move {
                // a client that goes away ends its connection and nothing else
                if let Ok(mut streams) = greet(&raw, acceptor).await {
                    let _ = serve(&mut streams, &state, &handler, &asked, &*mishaps).await;
                }
                // what was said before is heard: the other direction stays open
                let _ = raw.shutdown(Shutdown::Write);
            });
        }
    });
    runtime.shutdown_background();
}

type Wire = Streams<TlsStream<TcpStream>, Bytes>;

async fn greet(raw: &std::net::TcpStream, acceptor: TlsAcceptor) -> io::Result<Wire> {
    raw.set_nodelay(true)?;
    let stream = TcpStream::from_std(raw.try_clone()?)?;
    let stream = acceptor.accept(stream).await?;
    let streams = h2::server::handshake(stream).await;
    streams.map_err(io::Error::other)
}

async fn serve(
    streams: &mut Wire,
    state: &Arc<State>,
    handler: &Arc<Handler>,
    asked: &AtomicUsize,
    mishaps: &Mishaps,
) -> Result<(), h2::Error> {
    let mut answers = Vec::new();
    let is_cut = Arc::new(AtomicBool::new(false));
    while let Some(request) = streams.accept().await {
        let (request, mut respond) = request?;
        match mishaps(asked.fetch_add(1, Ordering::SeqCst) + 1) {
            Mishap::None => {}
            Mishap::Refused => {
                respond.send_reset(Reason::REFUSED_STREAM);
                continue;
            }
            Mishap::Reset => {
                respond.send_reset(Reason::INTERNAL_ERROR);
                continue;
            }
            Mishap::Retired => streams.graceful_shutdown(),
            Mishap::Aborted => {
                // what was asked as a whole is carried out, in vain, before the client learns of it:
                // nothing changes any more when it asks again
                is_cut.store(true, Ordering::SeqCst);
                tokio::task::yield_now().await;
                streams.abrupt_shutdown(Reason::INTERNAL_ERROR);
                for answer in answers.drain(..) {
                    let _: Result<(), JoinError> = answer.await;
                }
                continue;
            }
        }
        let line = Line {
            state: Arc::clone(state),
            is_cut: Arc::clone(&is_cut),
        };
        let handler = Arc::clone(handler);
        answers.push(tokio::spawn(async move {
            let answered = answer(request, &mut respond, &line, handler).await;
            if answered.is_err() {
                respond.send_reset(Reason::INTERNAL_ERROR);
            }
        }));
    }
    Ok(())
}

/// What an answer goes through.
struct Line {
    state: Arc<State>,
    /// Nothing goes through any more.
    is_cut: Arc<AtomicBool>,
}

/// Answers one request as the server of HTTP/1.1 does.
async fn answer(
    request: http::Request<RecvStream>,
    respond: &mut SendResponse<Bytes>,
    line: &Line,
    handler: Arc<Handler>,
) -> io::Result<()> {
    let is_head = request.method() == http::Method::HEAD;
    let name = format!("{} {}", request.method(), request.uri().path());
    let asked = read(request).await.map_err(io::Error::other)?;
    let said = tokio::task::spawn_blocking(move || exchange(asked, &*handler));
    let said = said.await.map_err(io::Error::other)??;
    let mut fields = [httparse::EMPTY_HEADER; 64];
    let mut parsed = httparse::Response::new(&mut fields);
    let parsed_head = parsed.parse(&said).map_err(io::Error::other)?;
    let httparse::Status::Complete(length) = parsed_head else {
        return Err(io::ErrorKind::UnexpectedEof.into());
    };
    let mut head = http::Response::builder().status(parsed.code.unwrap_or(500));
    let mut announced = None;
    for field in parsed.headers.iter() {
        match field.name.to_ascii_lowercase().as_str() {
            "connection" | "transfer-encoding" => continue,
            "content-length" => {
                let text = String::from_utf8_lossy(field.value);
                announced = text.parse::<usize>().ok();
            }
            _ => {}
        }
        head = head.header(field.name, field.value);
    }
    let head = head.body(()).map_err(io::Error::other)?;
    let body = Bytes::copy_from_slice(&said[length..]);
    let is_over = is_head || body.is_empty();
    let sent = if line.is_cut.load(Ordering::SeqCst) {
        Err(Reason::INTERNAL_ERROR.into())
    } else {
        respond.send_response(head, is_over)
    };
    let mut sending = sent.map_err(|error: h2::Error| {
        line.state.note_unheard(name);
        io::Error::other(error)
    })?;
    if is_over {
        return Ok(());
    }
    let is_whole = announced.is_none_or(|announced| announced == body.len());
    let sent = sending.send_data(body, is_whole);
    sent.map_err(io::Error::other)?;
    if !is_whole {
        sending.send_reset(Reason::INTERNAL_ERROR);
    }
    Ok(())
}

/// Returns a request with its body as HTTP/1.1 writes it.
async fn read(request: http::Request<RecvStream>) -> Result<Vec<u8>, h2::Error> {
    let (head, mut body) = request.into_parts();
    let mut bytes = Vec::new();
    while let Some(piece) = body.data().await {
        let piece = piece?;
        body.flow_control().release_capacity(piece.len())?;
        bytes.extend_from_slice(&piece);
    }
    let target = head.uri.path_and_query().map_or("/", |path| path.as_str());
    let mut text = format!("{} {target} HTTP/1.1\r\n", head.method).into_bytes();
    for (name, value) in &head.headers {
        if name != http::header::CONTENT_LENGTH {
            text.extend_from_slice(format!("{name}: ").as_bytes());
            text.extend_from_slice(value.as_bytes());
            text.extend_from_slice(b"\r\n");
        }
    }
    text.extend_from_slice(format!("content-length: {}\r\n\r\n", bytes.len()).as_bytes());
    text.extend_from_slice(&bytes);
    Ok(text)
}

/// Lets the handler answer a request that is there as a whole; returns what it says.
fn exchange(asked: Vec<u8>, handler: &Handler) -> io::Result<Vec<u8>> {
    let said = Arc::<Mutex<Vec<u8>>>::default();
    let mut connection = Connection::new(Memory {
        asked: Cursor::new(asked),
        said: Arc::clone(&said),
    });
    let Some(request) = connection.head()? else {
        return Err(io::ErrorKind::UnexpectedEof.into());
    };
    let mut body = Body::of(&request, &mut connection);
    let reply = handler(&request, &mut body);
    reply.send(&mut connection, request.method == "HEAD")?;
    let mut said = said.lock().unwrap_or_else(PoisonError::into_inner);
    Ok(std::mem::take(&mut said))
}

/// A request that has been read, and the answer to it.
struct Memory {
    asked: Cursor<Vec<u8>>,
    said: Arc<Mutex<Vec<u8>>>,
}

impl Read for Memory {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.asked.read(buffer)
    }
}

impl Write for Memory {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let mut said = self.said.lock().unwrap_or_else(PoisonError::into_inner);
        said.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
