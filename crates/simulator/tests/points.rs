//! Every point at which a write can be cut off, every call whose answer can be lost, one by one
//! (`reliability.md` 2, F2 to F5).

use gangplank_sandbox::{Close, FaultEffect};
use gangplank_simulator::{Failure, Mischief, Point, Stage, Tally, Trouble, Turn, play_all};

/// Five new accounts, eight writes each.
fn forty() -> String {
    let accounts = (0..5).map(|number| {
        format!(
            "  - id: acct-{number}
    name: Account {number}
    connectors:
      - connector: Alpha
        auth: {{ api_key: {{ env: KEY_{number} }} }}
      - connector: Beta
        auth: {{ basic: {{ username: ann, password: {{ env: WORD_{number} }} }} }}
    templates:
      - template: Alpha Sync
        parameters: {{ Get: {{ List ID: p1 }} }}
        variables: {{ Region: v1 }}
        run: {{ every: 1h }}
"
        )
    });
    format!("version: 1\naccounts:\n{}", accounts.collect::<String>())
}

/// One new account and a change of another, twelve writes in all.
const BEFORE: &str = "version: 1
accounts:
  - id: acct-0
    name: Account 0
    connectors:
      - connector: Alpha
        auth: { api_key: { env: KEY } }
    templates:
      - template: Alpha Sync
        parameters: { Get: { List ID: p1 } }
        run: { every: 1h }
";

const TWELVE: &str = "version: 1
accounts:
  - id: acct-0
    name: Account 0
    description: Changed
    connectors:
      - connector: Alpha
        auth: { api_key: { env: KEY } }
    templates:
      - template: Alpha Sync
        parameters: { Get: { List ID: p2 } }
        run: { every: 15m }
  - id: acct-1
    name: Account 1
    connectors:
      - connector: Alpha
        auth: { api_key: { env: KEY_1 } }
      - connector: Beta
        auth: { basic: { username: ann, password: { env: WORD_1 } } }
    templates:
      - template: Alpha > Beta
        parameters: { Get: { Filter: p1 } }
        run: { every: 1h }
";

#[expect(clippy::panic, reason = "the failure says how to see it again")]
fn hold(
    cases: u64,
    stage: impl Fn() -> Stage + Sync,
    turns: impl Fn(&Stage, u64) -> Vec<Turn> + Sync,
) -> Tally {
    thread_local! {
        static STAGE: std::cell::OnceCell<Stage> = const { std::cell::OnceCell::new() };
    }
    let play = |case: u64| -> Result<Tally, Box<Failure>> {
        STAGE.with(|kept| {
            let stage = kept.get_or_init(&stage);
            stage.play(&turns(stage, case), case)
        })
    };
    match play_all(0..cases, play) {
        Ok(tally) => tally,
        Err(failure) => panic!("{failure}"),
    }
}

fn dies(case: u64) -> Turn {
    let points = Point::ALL.len() as u64;
    let point = Point::ALL[usize::try_from(case % points).expect("less than ten")];
    Turn::alone(Mischief {
        dies_at: Some((case / points, point)),
        ..Mischief::default()
    })
}

fn meets(call: u64, trouble: Trouble) -> Turn {
    Turn::alone(Mischief {
        calls: [(call, trouble)].into(),
        ..Mischief::default()
    })
}

#[test]
fn f02_killed_at_every_point_of_forty_writes() {
    let stage = || Stage::written(None, &forty()).unwrap();
    let writes = stage().writes();
    assert!(writes >= 40, "{writes}");
    let cases = writes * 10;
    let tally = hold(cases, stage, |_, case| vec![dies(case)]);
    assert_eq!(tally.kills, cases, "each case is one kill");
}

#[test]
fn f03_killed_again_at_every_point_of_the_recovery() {
    let stage = || Stage::written(Some(BEFORE), TWELVE).unwrap();
    assert_eq!(stage().writes(), 12);
    let points = 12 * 10;
    let tally = hold(points * points, stage, |_, case| {
        vec![dies(case / points), dies(case % points)]
    });
    assert!(tally.kills > points * points, "{}", tally.kills);
}

#[test]
fn f04_every_answer_lost_in_every_way() {
    let effects = || {
        [
            FaultEffect::ResetAfter,
            FaultEffect::SilenceAfter,
            FaultEffect::DropAfter,
            FaultEffect::DropBefore,
            FaultEffect::CutBody {
                bytes: None,
                close: Close::Finish,
            },
        ]
    };
    let ways = effects().len() as u64;
    let stage = || Stage::written(None, &forty()).unwrap();
    let calls = stage().calls();
    hold(calls * ways, stage, |_, case| {
        let way = usize::try_from(case % ways).unwrap();
        vec![meets(case / ways, Trouble::Effect(effects()[way].clone()))]
    });
}

#[test]
fn f05_every_call_done_late() {
    let delays = ["0s", "1s", "30s", "119s", "121s"];
    let stage = || Stage::written(None, &forty()).unwrap();
    let (calls, each) = (stage().calls(), delays.len() as u64);
    hold(calls * each * 2, stage, |_, case| {
        let by = delays[usize::try_from(case / 2 % each).unwrap()];
        let late = FaultEffect::LateCommit {
            by: by.parse().unwrap(),
            code: (case % 2 == 0).then_some(504),
        };
        vec![meets(case / 2 / each, Trouble::Effect(late))]
    });
}

#[test]
fn f07_every_call_refused_by_what_stands_before_it() {
    let codes = [500, 502, 503, 504];
    let stage = || Stage::written(Some(BEFORE), TWELVE).unwrap();
    let calls = stage().calls();
    // Each of four codes, before the deed or after it, one to six times in a row.
    hold(calls * 4 * 2 * 6, stage, |_, case| {
        let (call, way) = (case / 48, case % 48);
        let code = codes[usize::try_from(way % 4).unwrap()];
        let retry_after = None;
        let effect = if way / 4 % 2 == 0 {
            FaultEffect::StatusBefore { code, retry_after }
        } else {
            FaultEffect::StatusAfter { code, retry_after }
        };
        let trouble = Trouble::Effect(effect);
        let row = call..=call + way / 8;
        vec![Turn::alone(Mischief {
            calls: row.map(|call| (call, trouble.clone())).collect(),
            ..Mischief::default()
        })]
    });
}

#[test]
fn f11_every_call_refused_for_its_token() {
    let stage = || Stage::written(Some(BEFORE), TWELVE).unwrap();
    let calls = stage().calls();
    hold(calls * 2, stage, |_, case| {
        let (code, retry_after) = (401, None);
        let effect = if case % 2 == 0 {
            FaultEffect::StatusBefore { code, retry_after }
        } else {
            FaultEffect::StatusAfter { code, retry_after }
        };
        vec![meets(case / 2, Trouble::Effect(effect))]
    });
}
