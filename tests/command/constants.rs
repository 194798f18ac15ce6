use super::room::{hearth, run, said};

#[test]
fn the_page_has_what_rust_says() {
    let now = said(&run(&mut hearth(&["constants"])).stdout);
    let kept = include_str!("../../www/src/engine/constants.ts");
    assert!(
        now == kept,
        "stale: run `cargo run --features cli -- constants > www/src/engine/constants.ts`, which gives\n{now}"
    );
}
