//! Any keys, in any order, at any size: no panic, no claim and no submission without a question.

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use juggler::engine::api::Request;
use rand::{Rng, SeedableRng};

use super::desk::{Desk, assignment, job, start};

fn random_key(rng: &mut impl Rng) -> KeyEvent {
    let named = [
        KeyCode::Enter,
        KeyCode::Esc,
        KeyCode::Tab,
        KeyCode::BackTab,
        KeyCode::Backspace,
        KeyCode::Delete,
        KeyCode::Up,
        KeyCode::Down,
        KeyCode::Left,
        KeyCode::Right,
        KeyCode::Home,
        KeyCode::End,
        KeyCode::PageUp,
        KeyCode::PageDown,
        KeyCode::F(1),
        KeyCode::F(11),
        KeyCode::Null,
    ];
    let code = match rng.random_range(0..10) {
        0..7 => KeyCode::Char(char::from(rng.random_range(b' '..=b'~'))),
        7 => KeyCode::Char(['é', '日', '\u{301}', '👩', '\u{200d}', '\u{202e}'][rng.random_range(0..6)]),
        _ => named[rng.random_range(0..named.len())],
    };
    let mods = [KeyModifiers::NONE, KeyModifiers::NONE, KeyModifiers::CONTROL, KeyModifiers::ALT, KeyModifiers::SHIFT];
    KeyEvent::new(code, mods[rng.random_range(0..mods.len())])
}

#[tokio::test]
async fn random_keys_do_no_harm() {
    for seed in 0..12 {
        let mut rng = rand_chacha::ChaCha8Rng::seed_from_u64(seed);
        let desk = Desk::with(60);
        desk.state.lock().unwrap().hand = vec![assignment(&job(300), start())];
        let mut screen = desk.screen(100, 30).await;
        let mut next = 2000;
        for step in 0..400 {
            match rng.random_range(0..40) {
                0 => screen.resize(rng.random_range(1..220), rng.random_range(1..70)),
                1 => screen.paste(["y\ny\n", "\u{1b}[201~q", "日本語", ""][rng.random_range(0..4)]).await,
                2 => {
                    next += 1;
                    let mut new = job(next);
                    new.posted_at = Some(start());
                    desk.poll(vec![new], Vec::new());
                }
                3 => {
                    let (x, y) = (rng.random_range(0..100), rng.random_range(0..30));
                    screen.click(x, y).await;
                }
                _ => screen.key(random_key(&mut rng)),
            }
            if step % 3 == 0 {
                screen.settle().await;
            }
            screen.outside.clear();
        }
        let state = desk.state.lock().unwrap();
        let asked = |pick: fn(&Request) -> bool| state.asked.iter().filter(|r| pick(r)).count();
        assert!(asked(|r| matches!(r, Request::Claim { .. })) <= asked(|r| matches!(r, Request::ClaimTerms { .. })));
        assert!(asked(|r| matches!(r, Request::Submit { .. })) <= asked(|r| matches!(r, Request::SubmitTerms { .. })));
    }
}
