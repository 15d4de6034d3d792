//! The Plan screen after real keys: what was checked off, verified, reopened, left out, owned, noted and moved.

use std::sync::Arc;

use super::{app, picture, press, shop};
use crate::analysis::Analysis;
use crate::plan::{Effort, Item, ItemStatus, Phase, Seen, State};
use crate::tui::app::{App, Effect};
use crate::tui::widgets::list::Moves;

/// The shop with a plan of two phases, one step verified by the scan and one reopened.
fn planned() -> Analysis {
    let mut shop = shop();
    let template = shop.plan.phases[0].items[0].clone();
    let step = |id: &str, title: &str, effort, days, status, seen| Item {
        id: id.into(),
        title: title.to_owned(),
        effort,
        days,
        status,
        seen,
        ..template.clone()
    };
    let (open, done) = (ItemStatus::Open, ItemStatus::Done);
    let mut health = step("p4", "Add health checks (2 sites)", Effort::S, 0.5, open, Seen::Nothing);
    health.needs = vec!["p1".into()];
    let mut logs = step("p1", "Send the log to stdout in order (3 sites)", Effort::S, 0.75, open, Seen::Nothing);
    logs.unlocks = vec!["p4".into()];
    shop.plan.phases = vec![
        Phase {
            id: "portable",
            title: "Make it portable".to_owned(),
            why: "Pays on a virtual machine or bare metal as well.".to_owned(),
            items: vec![
                logs,
                step("p2", "Read SHOP_HOST from the environment (1 site)", Effort::S, 0.5, done, Seen::There),
                step("p3", "Move uploads to an object store in order (7 sites)", Effort::M, 4.5, open, Seen::Nothing),
                step("p5", "Replace the credentials in the repository by secrets", Effort::S, 0.0, done, Seen::Gone),
            ],
            ..Phase::default()
        },
        Phase { id: "operate", title: "Operate it".to_owned(), items: vec![health], ..Phase::default() },
    ];
    shop
}

fn opened() -> App {
    let mut app = app();
    app.receive(Arc::new(planned()));
    press(&mut app, "5");
    app
}

fn state(app: &App, id: &str) -> State {
    app.plan().find(id).unwrap().state()
}

#[test]
fn pictures_of_a_plan_in_work() {
    for (width, height) in [(120, 36), (80, 24)] {
        let mut app = opened();
        app.lists[4].select("p3");
        press(&mut app, "Oann⏎xnobody uploads⏎K");
        app.lists[4].select("p2");
        press(&mut app, "aask operations⏎");
        insta::assert_snapshot!(format!("plan_in_work_{width}x{height}"), picture(&app, width, height));
    }
}

#[test]
fn steps_are_moved_within_their_phase_kept_and_moved_back() {
    let mut app = opened();
    app.lists[4].select("p3");
    let save = Some(Effect::SavePlan { quit: false });
    assert_eq!(press(&mut app, "K"), save);
    let order = |app: &App| app.plan().phases[0].order.iter().map(ToString::to_string).collect::<Vec<_>>();
    assert_eq!(order(&app), ["p1", "p3", "p2", "p5"]);
    assert!(app.plan().phases[1].order.is_empty(), "the other phase keeps its own order");
    // What a scan brings next says the same order, because it was saved.
    let mut again = planned();
    again.plan.phases[0].items.swap(1, 2);
    again.plan.phases[0].order = app.plan().phases[0].order.clone();
    app.receive(Arc::new(again));
    assert_eq!(order(&app), ["p1", "p3", "p2", "p5"]);
    assert_eq!(press(&mut app, "u"), save);
    assert_eq!(order(&app), Vec::<String>::new());
}

#[test]
fn what_a_scan_saw_holds_until_somebody_says_otherwise() {
    let mut app = opened();
    assert_eq!((state(&app, "p2"), state(&app, "p5")), (State::Reopened, State::Verified));
    app.lists[4].select("p2");
    press(&mut app, " ");
    assert_eq!(state(&app, "p2"), State::Open, "space opens what is checked off");
    press(&mut app, " ");
    assert_eq!(state(&app, "p2"), State::Reopened, "as it was: the scan saw its places");
    // A step that waits says so until what it needs is done, and then it is where to start.
    let line = |app: &App, title: &str| {
        let shown = picture(app, 120, 36);
        shown.lines().find(|line| line.contains(title)).unwrap().to_owned()
    };
    assert!(line(&app, "Add health").contains("needs another first"));
    assert!(line(&app, "Send the log").contains("start here"));
    app.lists[4].select("p1");
    press(&mut app, " ");
    assert_eq!(state(&app, "p1"), State::Done, "no scan has spoken yet");
    assert!(!line(&app, "Add health").contains("needs another first"));
    press(&mut app, "/status:reopened⏎");
    assert_eq!(app.counts[4].0, 1);
}
