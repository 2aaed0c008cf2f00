//! Sequences through a multiplexer.

/// What lies between the program and the terminal, and has to be asked to let a sequence pass.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Through {
    /// Nothing.
    #[default]
    Direct,
    /// tmux: passes a wrapped sequence on where `allow-passthrough` is on.
    Tmux,
    /// GNU screen: passes a wrapped sequence on, in short pieces.
    Screen,
}

/// screen takes no longer string (256 bytes in old versions).
const PIECE: usize = 240;

impl Through {
    /// How a sequence for the terminal ends here. Inside screen's wrapping, the ordinary end would end the wrapping.
    pub(super) fn end(self) -> &'static str {
        match self {
            Through::Screen => "\x07",
            Through::Direct | Through::Tmux => "\x1b\\",
        }
    }

    /// `sequence`, so that it reaches the terminal behind the multiplexer.
    pub fn wrap(self, sequence: &[u8]) -> Vec<u8> {
        match self {
            Through::Direct => sequence.to_vec(),
            Through::Tmux => {
                let mut out = b"\x1bPtmux;".to_vec();
                for byte in sequence {
                    if *byte == 0x1b {
                        out.push(0x1b);
                    }
                    out.push(*byte);
                }
                out.extend_from_slice(b"\x1b\\");
                out
            }
            Through::Screen => {
                let mut out = Vec::with_capacity(sequence.len() + sequence.len() / 50 + 8);
                for piece in sequence.chunks(PIECE) {
                    out.extend_from_slice(b"\x1bP");
                    out.extend_from_slice(piece);
                    out.extend_from_slice(b"\x1b\\");
                }
                out
            }
        }
    }

    /// " through tmux", for sentences.
    pub fn words(self) -> &'static str {
        match self {
            Through::Direct => "",
            Through::Tmux => " through tmux",
            Through::Screen => " through screen",
        }
    }
}
