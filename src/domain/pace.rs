//! How fast somebody reads aloud, by a text of known length.

use super::check::script::PACES;
use super::check::sheet::words;

/// What is read: plain sentences, about half a minute.
pub const TEXT: &str = "The ferry leaves the island at ten past seven, when the water is still dark. \
Forty people stand at the rail with paper cups, and nobody says much. A boy counts the gulls; he has reached thirty-one. \
Halfway across, the engine slows, because seals are sleeping on the sand bank and the captain likes to look at them. \
Then the town comes out of the mist, one window after the other, and somebody folds a newspaper and says good morning.";

/// Words a minute of whoever read [`TEXT`] in so many seconds.
///
/// # Errors
/// A sentence, when nobody reads that fast or that slowly.
pub fn of(seconds: f64) -> Result<u32, String> {
    let said = words(TEXT) as f64;
    let pace = said * 60.0 / seconds;
    if !pace.is_finite() || pace < f64::from(*PACES.start()) {
        return Err(format!("{seconds:.0} s is too slow for reading aloud"));
    }
    if pace > f64::from(*PACES.end()) {
        return Err(format!("{seconds:.1} s is too fast: read every word aloud"));
    }
    // Between 60 and 400, so it fits.
    Ok(pace.round() as u32)
}
