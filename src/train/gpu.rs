//! WebGPU as a device to train on.

use std::sync::Arc;

use burn::tensor::Device;
use burn::tensor::wgpu::{WgpuInitError, WgpuSetup};

use super::{Fault, SelfTest, TrainError, self_test};
use crate::data::Dataset;
use crate::model::{ModelSpec, Recipe};

/// The browser's adapter with its device, on which networks train.
pub struct Gpu {
    device: Device,
    setup: WgpuSetup,
    fault: Fault,
}

/// Why there is no device.
#[derive(thiserror::Error, Debug)]
pub enum GpuError {
    #[error("The browser has no WebGPU adapter: {0}")]
    NoAdapter(String),
    #[error("The WebGPU adapter gives no device: {0}")]
    Refused(String),
}

impl GpuError {
    /// Stable, for programs.
    pub fn code(&self) -> &'static str {
        match self {
            GpuError::NoAdapter(_) => "no-adapter",
            GpuError::Refused(_) => "webgpu-refused",
        }
    }
}

impl From<WgpuInitError> for GpuError {
    fn from(error: WgpuInitError) -> Self {
        match error {
            WgpuInitError::AdapterUnavailable { message, .. } => GpuError::NoAdapter(message),
            error => GpuError::Refused(error.to_string()),
        }
    }
}

impl Gpu {
    /// Asks for the faster adapter. Once in a process (in a browser: in a worker): it cannot be opened again.
    ///
    /// # Errors
    /// If there is none, or it gives no device.
    pub async fn open() -> Result<Self, GpuError> {
        let (device, setup) = Device::wgpu_options().init_with_setup_async().await?;
        let fault = Fault::default();
        // In place of a handler that panics, which in a browser takes the module down in a callback where nobody can
        // catch it.
        let heard = fault.clone();
        setup
            .device
            .on_uncaptured_error(Arc::new(move |error| heard.set(error.to_string())));
        // In a browser such callbacks add up; natively this one would take Burn's place.
        #[cfg(target_family = "wasm")]
        {
            let heard = fault.clone();
            setup
                .device
                .set_device_lost_callback(move |reason, message| {
                    heard.set(format!("the device was lost ({reason:?}): {message}"));
                });
        }
        Ok(Gpu {
            device,
            setup,
            fault,
        })
    }

    /// Without autodiff.
    pub fn device(&self) -> &Device {
        &self.device
    }

    pub fn fault(&self) -> &Fault {
        &self.fault
    }

    /// See [`self_test`].
    ///
    /// # Errors
    /// As there, and if the device reported that something went wrong.
    pub async fn self_test(
        &self,
        spec: &ModelSpec,
        recipe: &Recipe,
        dataset: &Dataset,
        most: usize,
    ) -> Result<SelfTest, TrainError> {
        let self_test = self_test(spec, recipe, dataset, &self.device, most).await;
        self.fault.check()?;
        self_test
    }

    /// Takes the device away, as a driver's reset does. What runs on it fails.
    pub fn destroy(&self) {
        self.setup.device.destroy();
    }
}
