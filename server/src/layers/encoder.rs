//! Compresses a body as it is sent.
//!
//! Each response that is open and compressed keeps an encoder: 320 KiB at most, 120 KiB for zstd.
//! Levels and windows are chosen for that, and for pages of some tens of kilobytes.

use std::io::{self, Write};

use bytes::Bytes;
use flate2::write::GzEncoder;
use zstd::zstd_safe::CParameter;

use super::coding::Coding;

/// Back-references reach 64 KiB, as far as most pages are long.
const WINDOW_BITS: u32 = 16;

/// Takes the bytes of a body, gives compressed ones.
pub(super) enum Encoder {
    Gzip(GzEncoder<Vec<u8>>),
    Zstd(zstd::stream::write::Encoder<'static, Vec<u8>>),
    /// Boxed, because it is large and the rarest.
    Brotli(Box<brotli::CompressorWriter<Vec<u8>>>),
}

impl Encoder {
    pub(super) fn new(coding: Coding) -> io::Result<Self> {
        Ok(match coding {
            Coding::Gzip => Self::Gzip(GzEncoder::new(Vec::new(), flate2::Compression::new(4))),
            Coding::Brotli => {
                let quality = 3;
                let buffer = 4096;
                let encoder =
                    brotli::CompressorWriter::new(Vec::new(), buffer, quality, WINDOW_BITS);
                Self::Brotli(Box::new(encoder))
            }
            Coding::Zstd => {
                let mut encoder = zstd::stream::write::Encoder::new(Vec::new(), 3)?;
                encoder.window_log(WINDOW_BITS)?;
                encoder.set_parameter(CParameter::HashLog(13))?;
                encoder.set_parameter(CParameter::ChainLog(13))?;
                Self::Zstd(encoder)
            }
        })
    }

    pub(super) fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.writer().write_all(bytes)
    }

    /// Makes everything that was written decodable, and takes it.
    pub(super) fn flush(&mut self) -> io::Result<Bytes> {
        self.writer().flush()?;
        Ok(self.take())
    }

    /// Takes what has come out so far.
    pub(super) fn take(&mut self) -> Bytes {
        std::mem::take(self.output()).into()
    }

    /// How much has come out so far.
    pub(super) fn len(&mut self) -> usize {
        self.output().len()
    }

    /// Ends the content, and takes the rest.
    pub(super) fn finish(self) -> io::Result<Bytes> {
        let rest = match self {
            Self::Gzip(encoder) => encoder.finish()?,
            Self::Zstd(encoder) => encoder.finish()?,
            Self::Brotli(encoder) => encoder.into_inner(),
        };
        Ok(rest.into())
    }

    fn writer(&mut self) -> &mut dyn Write {
        match self {
            Self::Gzip(encoder) => encoder,
            Self::Zstd(encoder) => encoder,
            Self::Brotli(encoder) => encoder,
        }
    }

    fn output(&mut self) -> &mut Vec<u8> {
        match self {
            Self::Gzip(encoder) => encoder.get_mut(),
            Self::Zstd(encoder) => encoder.get_mut(),
            Self::Brotli(encoder) => encoder.get_mut(),
        }
    }
}
