use std::sync::mpsc::{self, Receiver};

use indicatif::TermLike;

use super::*;

/// Returns a progress and what it prints.
fn progress(form: Form, silence: Duration) -> (Progress, Receiver<String>) {
    let (sender, receiver) = mpsc::channel();
    let print = move |line: &str| {
        let _ = sender.send(line.to_owned());
    };
    (Progress::with(form, silence, print), receiver)
}

/// Long enough for the busiest machine.
const LONG: Duration = Duration::from_mins(1);

#[test]
fn without_a_terminal_each_end_is_a_line() {
    let (progress, lines) = progress(Form::Lines, LONG);
    let [first, second, third, dropped] =
        ["a", "b", "c", "d"].map(|name| progress.item(name, Some(2_500_000)));
    first.advance(1_000_000);
    first.advance(1_500_000);
    assert_eq!(first.position(), 2_500_000);
    first.finish("uploaded `a`");
    second.skip("`b` is there already");
    third.set_position(7);
    third.fail("`c` failed");
    drop(dropped);
    drop(progress);
    let lines: Vec<String> = lines.iter().collect();
    assert_eq!(lines.len(), 3);
    assert!(
        lines[0].starts_with("uploaded `a` (2.50 MB"),
        "{}",
        lines[0]
    );
    assert_eq!(lines[1], "`b` is there already");
    assert_eq!(lines[2], "`c` failed");
}

#[test]
fn a_long_silence_is_broken() {
    let (progress, lines) = progress(Form::Lines, Duration::from_millis(20));
    progress.expect(3, 400);
    progress
        .item("first", Some(100))
        .skip("`first` is there already");
    let item = progress.item("second", Some(200));
    item.set_position(50);
    assert_eq!(
        lines.recv_timeout(LONG).unwrap(),
        "`first` is there already"
    );
    let heartbeat = lines.recv_timeout(LONG).unwrap();
    assert!(
        heartbeat.starts_with("still at it: 1 of 3 done, 50 B of 400 B at "),
        "{heartbeat}"
    );
    assert!(heartbeat.ends_with("/s; `second` 25 %"), "{heartbeat}");
    drop(item);
}

#[test]
fn quiet_says_nothing() {
    let (progress, lines) = progress(Form::Silent, Duration::from_millis(1));
    progress.item("a", None).finish("uploaded `a`");
    drop(progress);
    assert_eq!(lines.iter().count(), 0);
}

#[test]
fn a_short_time_has_no_rate() {
    assert_eq!(amount(0, LONG), "");
    assert_eq!(amount(12, Duration::from_millis(3)), " (12 B)");
    assert_eq!(amount(6_000_000, LONG), " (6.00 MB in 60.0 s, 100.00 kB/s)");
}

#[test]
fn the_templates_can_be_read() {
    assert!(ProgressStyle::with_template(BAR).is_ok());
    assert!(ProgressStyle::with_template(SPINNER).is_ok());
}

/// A terminal that remembers what was drawn.
#[derive(Clone, Debug, Default)]
struct Screen(Arc<Mutex<String>>);

impl TermLike for Screen {
    fn width(&self) -> u16 {
        120
    }
    fn move_cursor_up(&self, _: usize) -> std::io::Result<()> {
        Ok(())
    }
    fn move_cursor_down(&self, _: usize) -> std::io::Result<()> {
        Ok(())
    }
    fn move_cursor_right(&self, _: usize) -> std::io::Result<()> {
        Ok(())
    }
    fn move_cursor_left(&self, _: usize) -> std::io::Result<()> {
        Ok(())
    }
    fn write_line(&self, text: &str) -> std::io::Result<()> {
        self.write_str(text)
    }
    fn write_str(&self, text: &str) -> std::io::Result<()> {
        self.0.lock().unwrap().push_str(text);
        Ok(())
    }
    fn clear_line(&self) -> std::io::Result<()> {
        Ok(())
    }
    fn flush(&self) -> std::io::Result<()> {
        Ok(())
    }
}

#[test]
fn on_a_terminal_a_bar_shows_name_and_size() {
    let screen = Screen::default();
    let target = ProgressDrawTarget::term_like(Box::new(screen.clone()));
    let (progress, lines) = progress(Form::Bars(MultiProgress::with_draw_target(target)), LONG);
    let item = progress.item("app.tar.gz", Some(2_000_000));
    item.set_position(500_000);
    if let Some(bar) = &item.bar {
        bar.force_draw();
    }
    item.finish("uploaded `app.tar.gz`");
    let drawn = screen.0.lock().unwrap().clone();
    assert!(drawn.contains("app.tar.gz"), "{drawn}");
    assert!(drawn.contains("of 2.00 MB"), "{drawn}");
    assert!(
        lines
            .recv_timeout(LONG)
            .unwrap()
            .starts_with("uploaded `app.tar.gz` (500.00 kB")
    );
}
