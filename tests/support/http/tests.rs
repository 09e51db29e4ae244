use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use super::{Reply, Server};

/// Sends `text`, closes that direction, and returns all that comes back.
fn say(server: &Server, text: &str) -> String {
    let mut stream = TcpStream::connect(server.address()).unwrap();
    stream.write_all(text.as_bytes()).unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    answer
}

#[test]
fn requests_of_one_connection_are_answered_in_order() {
    let server = Server::start(|request, body| {
        let body = String::from_utf8(body.bytes().unwrap()).unwrap();
        let name = request.parameter("name").unwrap_or_default();
        Reply::new(200).body(format!("{} {name} {body};", request.path()))
    });
    let answer = say(
        &server,
        "POST /a?name=x%20y HTTP/1.1\r\ncontent-length: 2\r\n\r\nhiPOST /b HTTP/1.1\r\n\
         transfer-encoding: chunked\r\nconnection: close\r\n\r\n3\r\nabc\r\n1\r\nd\r\n0\r\n\r\n",
    );
    assert!(answer.contains("/a x y hi;HTTP/1.1 200"), "{answer}");
    assert!(answer.ends_with("/b  abcd;"), "{answer}");
}

#[test]
fn an_answer_before_the_body_is_read_arrives() {
    let server = Server::start(|_, _| Reply::new(502).body("busy"));
    let head = "PUT /a HTTP/1.1\r\ncontent-length: 100000\r\n\r\n";
    let answer = say(&server, &format!("{head}{}", "x".repeat(50_000)));
    assert!(
        answer.starts_with("HTTP/1.1 502 ") && answer.ends_with("busy"),
        "{answer}"
    );
}

#[test]
fn answers_are_cut_stalled_and_chunked() {
    let server = Server::start(|request, _| {
        let reply = Reply::new(200).body("0123456789");
        match request.path() {
            "/cut" => reply.cut_after(4),
            "/stall" => reply.stalls_after(4, Duration::from_millis(100)).closing(),
            "/none" => Reply::none(),
            _ => Reply::new(200).stream(None, &b"01234"[..]).closing(),
        }
    });
    let get = |path: &str| say(&server, &format!("GET {path} HTTP/1.1\r\n\r\n"));
    assert!(get("/cut").ends_with("\r\n\r\n0123"));
    let start = Instant::now();
    assert!(get("/stall").ends_with("\r\n\r\n0123456789"));
    assert!(start.elapsed() >= Duration::from_millis(100));
    assert_eq!(get("/none"), "");
    assert!(get("/chunked").ends_with("\r\n\r\n5\r\n01234\r\n0\r\n\r\n"));
}

#[test]
fn who_speaks_another_protocol_is_not_kept_waiting() {
    let server = Server::start(|_, _| Reply::new(200));
    let mut stream = TcpStream::connect(server.address()).unwrap();
    let timeout = Some(Duration::from_secs(10));
    stream.set_read_timeout(timeout).unwrap();
    stream.write_all(b"\x16\x03\x01\0\x01\x01\r\n").unwrap();
    let mut answer = Vec::new();
    // an end, or a reset: not a timeout
    if let Err(error) = stream.read_to_end(&mut answer) {
        assert_eq!(error.kind(), std::io::ErrorKind::ConnectionReset);
    }
    assert_eq!(answer, b"");
}
