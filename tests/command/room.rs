//! A folder of a test's own, with a small dataset in it, and the command.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// The folder goes with the test that made it.
pub struct Room(PathBuf);

impl Room {
    /// `test`: another name for each test.
    pub fn new(test: &str) -> Self {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(test);
        let _ = std::fs::remove_dir_all(&folder);
        std::fs::create_dir_all(folder.join("digits")).expect("a folder");
        let fixtures = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures");
        for part in ["images", "labels"] {
            for (split, count) in [("train", 256), ("test", 64)] {
                let from = fixtures.join(format!("mnist-{split}-{count}-{part}.idx"));
                let to = folder.join(format!("digits/{split}-{part}.idx"));
                std::fs::copy(from, to).expect("a copy");
            }
        }
        Room(folder)
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }

    pub fn read(&self, name: &str) -> Vec<u8> {
        std::fs::read(self.path(name)).expect("the file is there")
    }

    /// `hearth train` on 256 digits with the network that is trained fastest, writing `net.onnx`, unless `more` says
    /// otherwise.
    pub fn training(&self, more: &[&str]) -> Command {
        let mut command = hearth(&["train", "--preset", "mlp"]);
        for (option, value) in [("--data", "digits"), ("--out", "net.onnx")] {
            if !more.contains(&option) {
                command.args([option, value]);
            }
        }
        command.args(more).current_dir(&self.0);
        command
    }
}

impl Drop for Room {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

pub fn hearth(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_hearth"));
    command.args(arguments);
    command
}

pub fn run(command: &mut Command) -> Output {
    command.output().expect("the command starts")
}

pub fn said(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}
