//! What can happen, on one channel: keys, mouse, size, and what the scan reports.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::Sender;
use std::thread;
use std::time::Duration;

use crossterm::event::{self, KeyEvent, KeyEventKind, MouseEvent};

use crate::analysis::{Analysis, Observer, Progress};

/// One thing that happened.
#[derive(Debug)]
pub enum Event {
    Key(KeyEvent),
    Mouse(MouseEvent),
    Resize,
    /// How far the scan is.
    Progress(Progress),
    /// What was found so far.
    Partial(Arc<Analysis>),
    /// The scan ended.
    Done(Arc<Analysis>),
    /// The scan ended without a result: why.
    Failed(String),
    /// Time passed while something runs.
    Tick,
}

/// Hands what a scan reports to the loop.
#[derive(Debug)]
pub struct Watcher {
    events: Sender<Event>,
    stop: Arc<AtomicBool>,
}

impl Watcher {
    /// A watcher; the scan stops once `stop` is set.
    #[must_use]
    pub fn new(events: Sender<Event>, stop: Arc<AtomicBool>) -> Watcher {
        Watcher { events, stop }
    }
}

// A closed channel means that the screen is gone; nobody wants to know any more.
impl Observer for Watcher {
    fn progress(&self, progress: Progress) {
        let _ = self.events.send(Event::Progress(progress));
    }

    fn partial(&self, analysis: Arc<Analysis>) {
        let _ = self.events.send(Event::Partial(analysis));
    }

    fn cancelled(&self) -> bool {
        self.stop.load(Ordering::Relaxed)
    }
}

/// The thread that reads the terminal; it can be told to leave it to another program.
#[derive(Debug, Clone, Default)]
pub struct Reader {
    paused: Arc<AtomicBool>,
    resting: Arc<AtomicBool>,
}

impl Reader {
    /// Starts reading.
    #[must_use]
    pub fn start(events: Sender<Event>) -> Reader {
        let reader = Reader::default();
        let (paused, resting) = (Arc::clone(&reader.paused), Arc::clone(&reader.resting));
        thread::spawn(move || {
            loop {
                let pause = paused.load(Ordering::Acquire);
                resting.store(pause, Ordering::Release);
                if pause {
                    thread::sleep(Duration::from_millis(10));
                    continue;
                }
                match event::poll(Duration::from_millis(50)) {
                    Ok(false) => continue,
                    Ok(true) => {}
                    Err(_) => return,
                }
                let event = match event::read() {
                    Ok(event::Event::Key(key)) if key.kind != KeyEventKind::Release => Event::Key(key),
                    Ok(event::Event::Mouse(mouse)) => Event::Mouse(mouse),
                    Ok(event::Event::Resize(..)) => Event::Resize,
                    Ok(_) => continue,
                    Err(_) => return,
                };
                if events.send(event).is_err() {
                    return;
                }
            }
        });
        reader
    }

    /// Leaves the terminal's input alone until [`Reader::resume`]; returns when nothing is being read any more.
    pub fn pause(&self) {
        self.paused.store(true, Ordering::Release);
        for _ in 0..50 {
            if self.resting.load(Ordering::Acquire) {
                return;
            }
            thread::sleep(Duration::from_millis(5));
        }
    }

    /// Reads again.
    pub fn resume(&self) {
        self.paused.store(false, Ordering::Release);
    }
}
