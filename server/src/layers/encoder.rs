//! Compresses a body as it is sent.
//!
//! Each response that is open and compressed keeps an encoder: 320 KiB at most, 120 KiB for zstd.
//! Levels and windows are chosen for that, and for pages of some tens of kilobytes.

use std::io::{self, Write};

use bytes::Bytes;
use flate2::write::GzEncoder;

use super::coding::Coding;

/// Back-references reach 64 KiB, as far as most pages are long.
#[cfg(any(feature = "brotli", feature = "zstd"))]
const WINDOW_BITS: u32 = 16;

/// Takes the bytes of a body, gives compressed ones.
pub(super) struct Encoder(Box<dyn Compress>);

impl Encoder {
    pub(super) fn new(coding: Coding) -> io::Result<Self> {
        Ok(Self(match coding {
            #[cfg(feature = "zstd")]
            Coding::Zstd => Box::new(zstd()?),
            Coding::Gzip => Box::new(GzEncoder::new(Vec::new(), flate2::Compression::new(4))),
            #[cfg(feature = "brotli")]
            Coding::Brotli => Box::new(brotli()),
        }))
    }

    pub(super) fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.0.write_all(bytes)
    }

    /// Makes everything that was written decodable, and takes it.
    pub(super) fn flush(&mut self) -> io::Result<Bytes> {
        self.0.flush()?;
        Ok(self.take())
    }

    /// Takes what has come out so far.
    pub(super) fn take(&mut self) -> Bytes {
        std::mem::take(self.0.output()).into()
    }

    /// How much has come out so far.
    pub(super) fn len(&mut self) -> usize {
        self.0.output().len()
    }

    /// Ends the content, and takes the rest.
    pub(super) fn finish(self) -> io::Result<Bytes> {
        self.0.finish().map(Bytes::from)
    }
}

/// What a coding does.
trait Compress: Write + Send {
    /// What has come out and was not taken yet.
    fn output(&mut self) -> &mut Vec<u8>;

    /// Ends the content, and gives what was not taken yet.
    fn finish(self: Box<Self>) -> io::Result<Vec<u8>>;
}

impl Compress for GzEncoder<Vec<u8>> {
    fn output(&mut self) -> &mut Vec<u8> {
        self.get_mut()
    }

    fn finish(self: Box<Self>) -> io::Result<Vec<u8>> {
        (*self).finish()
    }
}

#[cfg(feature = "zstd")]
type Zstd = zstd::stream::write::Encoder<'static, Vec<u8>>;

#[cfg(feature = "zstd")]
fn zstd() -> io::Result<Zstd> {
    use zstd::zstd_safe::CParameter;

    let mut encoder = Zstd::new(Vec::new(), 3)?;
    encoder.window_log(WINDOW_BITS)?;
    encoder.set_parameter(CParameter::HashLog(13))?;
    encoder.set_parameter(CParameter::ChainLog(13))?;
    Ok(encoder)
}

#[cfg(feature = "zstd")]
impl Compress for Zstd {
    fn output(&mut self) -> &mut Vec<u8> {
        self.get_mut()
    }

    fn finish(self: Box<Self>) -> io::Result<Vec<u8>> {
        (*self).finish()
    }
}

#[cfg(feature = "brotli")]
type Brotli = brotli::CompressorWriter<Vec<u8>>;

#[cfg(feature = "brotli")]
fn brotli() -> Brotli {
    let quality = 3;
    let buffer = 4096;
    Brotli::new(Vec::new(), buffer, quality, WINDOW_BITS)
}

#[cfg(feature = "brotli")]
impl Compress for Brotli {
    fn output(&mut self) -> &mut Vec<u8> {
        self.get_mut()
    }

    fn finish(self: Box<Self>) -> io::Result<Vec<u8>> {
        Ok((*self).into_inner())
    }
}
