//! `hearth`, the native command: the same rooms without a browser.

mod cli;

use std::process::ExitCode;

use clap::Parser;

// glibc's allocator costs a quarter of the time at batch 128.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    match cli::run(cli::Arguments::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            cli::warn(error);
            ExitCode::FAILURE
        }
    }
}
