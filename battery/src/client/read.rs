//! The reading side of a client.

use std::io::ErrorKind;
use std::time::Duration;

use tokio::io::AsyncReadExt as _;

use super::body::Decoder;
use super::{Client, End, Head, Reply, reply};
use crate::row::failed;
use crate::wait::soon;
use crate::{Tried, check};

/// Room for one read.
const READ: usize = 16 << 10;

impl Client {
    /// Reads the head of a response.
    ///
    /// # Errors
    /// If there is none.
    pub async fn head(&mut self) -> Tried<Head> {
        while self.response.is_none() {
            if let Some(length) = reply::end_of_head(&self.buffer) {
                let head = Head::parse(&self.buffer[..length])?;
                self.buffer.drain(..length);
                let decoder = Decoder::new(&head, std::mem::take(&mut self.bodiless));
                self.response = Some((head, decoder));
            } else {
                let read = self.fill().await?;
                let so_far = String::from_utf8_lossy(&self.buffer);
                check!(
                    read,
                    "{:?} instead of a response, after {so_far:?}",
                    self.end
                );
            }
        }
        self.decode()?;
        let head = self.response.as_ref().map(|(head, _)| head.clone());
        head.ok_or_else(|| "no response".to_owned())
    }

    /// Reads until the body, without its framing, contains `text`; and no more than that takes.
    ///
    /// # Errors
    /// If the response ends before.
    pub async fn read_to(&mut self, text: &str) -> Tried {
        self.head().await?;
        let mut searched: usize = 0;
        loop {
            let body = self.body();
            let from = searched.saturating_sub(text.len());
            if memchr::memmem::find(&body[from..], text.as_bytes()).is_some() {
                return Ok(());
            }
            searched = body.len();
            check!(!self.is_complete(), "the response ended before {text}");
            check!(self.fill().await?, "{:?} before {text}", self.end);
            self.decode()?;
        }
    }

    /// Reads until there are so many bytes of the body.
    ///
    /// # Errors
    /// If the response ends before.
    pub async fn read_bytes(&mut self, length: usize) -> Tried {
        self.head().await?;
        while self.body().len() < length {
            check!(
                !self.is_complete(),
                "the response has fewer than {length} bytes"
            );
            check!(self.fill().await?, "{:?} before {length} bytes", self.end);
            self.decode()?;
        }
        Ok(())
    }

    /// The body as far as it has been read.
    #[must_use]
    pub fn body(&self) -> &[u8] {
        self.response
            .as_ref()
            .map_or(&[], |(_, decoder)| &decoder.body)
    }

    /// Takes the first bytes of the body, as many as there are.
    pub fn take(&mut self, length: usize) -> Vec<u8> {
        let Some((_, decoder)) = &mut self.response else {
            return Vec::new();
        };
        let length = length.min(decoder.body.len());
        decoder.body.drain(..length).collect()
    }

    fn is_complete(&self) -> bool {
        self.response
            .as_ref()
            .is_some_and(|(_, decoder)| decoder.is_complete())
    }

    /// Reads the response to its end, whichever it is.
    ///
    /// # Errors
    /// If there is no response, or its framing is broken.
    pub async fn reply(&mut self) -> Tried<Reply> {
        self.head().await?;
        while !self.is_complete() && self.fill().await? {
            self.decode()?;
        }
        let (head, decoder) = self.response.take().ok_or("no response")?;
        let ending = decoder.ending(self.end);
        Ok(Reply {
            head,
            body: decoder.body,
            ending,
        })
    }

    /// Reads responses until the other side ends the connection.
    ///
    /// # Errors
    /// If what it sends is none, or it goes on.
    pub async fn replies(&mut self) -> Tried<(Vec<Reply>, End)> {
        let mut replies = Vec::new();
        while !self.buffer.is_empty() || self.fill().await? {
            replies.push(self.reply().await?);
        }
        let end = self.end.ok_or("no end")?;
        Ok((replies, end))
    }

    /// Reads until the other side ends the connection.
    ///
    /// # Errors
    /// If it does not.
    pub async fn closed(&mut self) -> Tried<End> {
        while self.fill().await? {
            self.buffer.clear();
        }
        self.end.ok_or_else(|| "no end".to_owned())
    }

    /// Reads whatever comes within `time`, and says whether there was anything: bytes, or the end.
    ///
    /// # Errors
    /// If reading fails other than by a reset.
    pub async fn hears_within(&mut self, time: Duration) -> Tried<bool> {
        match tokio::time::timeout(time, self.fill()).await {
            Ok(read) => read.map(|_| true),
            Err(_) => Ok(false),
        }
    }

    /// Reads one byte and forgets it; false at the end of the stream.
    ///
    /// # Errors
    /// If reading fails.
    pub async fn trickle(&mut self) -> Tried<bool> {
        let mut byte = [0];
        match soon("a byte", self.stream.read(&mut byte)).await? {
            Ok(read) => Ok(read > 0),
            Err(error) if error.kind() == ErrorKind::ConnectionReset => Ok(false),
            Err(error) => Err(failed(error)),
        }
    }

    /// Bytes that belong to no response that was read.
    #[must_use]
    pub fn rest(&self) -> &[u8] {
        &self.buffer
    }

    /// Reads once; false at the end of the stream.
    async fn fill(&mut self) -> Tried<bool> {
        if self.end.is_some() {
            return Ok(false);
        }
        self.buffer.reserve(READ);
        let read = soon("something to read", self.stream.read_buf(&mut self.buffer)).await?;
        self.end = match read {
            Ok(0) => Some(End::Closed),
            Ok(_) => None,
            Err(error) if error.kind() == ErrorKind::ConnectionReset => Some(End::Reset),
            Err(error) => return Err(format!("cannot read: {error}")),
        };
        Ok(self.end.is_none())
    }

    fn decode(&mut self) -> Tried {
        match &mut self.response {
            Some((_, decoder)) => decoder.take(&mut self.buffer),
            None => Ok(()),
        }
    }
}
