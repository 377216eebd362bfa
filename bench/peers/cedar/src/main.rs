//! The guide's case by Cedar's native library: one decision for each side. bench/peers/run explains the whole.
//!
//!     cedar-peer CASE_FOLDER      one line of JSON a measurement

use cedar_policy::{
    Authorizer, Context, Decision, Entities, EntityId, EntityTypeName, EntityUid, PolicySet, Request,
    RestrictedExpression,
};
use std::hint::black_box;
use std::str::FromStr;

const USER: &str = "arn:aws:iam::111111111111:user/crossAccountUser";
const STRANGER: &str = "arn:aws:iam::111111111111:user/stranger";
const ROLE: &str = "arn:aws:iam::222222222222:role/CrossAccountAccessRole";

struct Types {
    user: EntityTypeName,
    action: EntityTypeName,
    role: EntityTypeName,
}

fn request(types: &Types, user: &str) -> Request {
    let uid = |kind: &EntityTypeName, id: &str| EntityUid::from_type_name_and_id(kind.clone(), EntityId::new(id));
    let text = |value: &str| RestrictedExpression::new_string(value.to_owned());
    let context = Context::from_pairs([
        ("sourceIp".to_owned(), text("10.0.0.4")),
        ("currentTime".to_owned(), text("2026-06-15T12:00:00Z")),
        ("roleSessionName".to_owned(), text("dev-session")),
        ("principalArn".to_owned(), text(user)),
        ("principalAccount".to_owned(), text("111111111111")),
    ])
    .expect("a context");
    let (user, action, role) = (uid(&types.user, user), uid(&types.action, "sts:AssumeRole"), uid(&types.role, ROLE));
    Request::new(user, action, role, context, None).expect("a request")
}

/// Seconds that this process spent on a processor: what runs beside it does not count.
fn cpu_seconds() -> f64 {
    let mut t = libc::timespec { tv_sec: 0, tv_nsec: 0 };
    // SAFETY: `t` outlives the call, which writes nothing else.
    assert_eq!(unsafe { libc::clock_gettime(libc::CLOCK_PROCESS_CPUTIME_ID, &mut t) }, 0);
    t.tv_sec as f64 + t.tv_nsec as f64 * 1e-9
}

fn measure(what: &str, act: impl Fn() -> bool) {
    const BATCH: u32 = 1000;
    let (mut calls, mut all, begin) = (0u64, true, cpu_seconds());
    while cpu_seconds() - begin < 0.2 {
        for _ in 0..BATCH {
            all &= black_box(act());
        }
        calls += u64::from(BATCH);
    }
    let ns = (cpu_seconds() - begin) * 1e9 / calls as f64;
    assert!(all, "a decision fell wrong");
    println!("{{\"peer\":\"Cedar, native\",\"what\":\"{what}\",\"ns\":{ns:.1}}}");
}

fn main() {
    let folder = std::env::args().nth(1).unwrap_or_else(|| "bench/peers/case".to_owned());
    let parsed = |name: &str| {
        let text = std::fs::read_to_string(format!("{folder}/{name}.cedar")).expect("the case");
        PolicySet::from_str(&text).expect("a policy")
    };
    let (identity, trust) = (parsed("identity"), parsed("trust"));
    let types = Types {
        user: EntityTypeName::from_str("User").expect("a type"),
        action: EntityTypeName::from_str("Action").expect("a type"),
        role: EntityTypeName::from_str("Role").expect("a type"),
    };
    let entities = Entities::from_json_str(
        &format!(
            r#"[{{"uid": {{"type": "User", "id": "{USER}"}}, "attrs": {{}},
                  "parents": [{{"type": "Account", "id": "111111111111"}}]}},
                {{"uid": {{"type": "Role", "id": "{ROLE}"}}, "attrs": {{}},
                  "parents": [{{"type": "Account", "id": "222222222222"}}]}}]"#
        ),
        None,
    )
    .expect("entities");
    let authorizer = Authorizer::new();
    let both = |request: &Request| {
        authorizer.is_authorized(request, &identity, &entities).decision() == Decision::Allow
            && authorizer.is_authorized(request, &trust, &entities).decision() == Decision::Allow
    };
    assert!(!both(&request(&types, STRANGER)));

    let prepared = request(&types, USER);
    measure("decide", || both(&prepared));
    measure("request and decide", || both(&request(&types, USER)));
}
