//! Who reads a page: a browser that can take it in parts, or someone who wants it whole.

use http::HeaderValue;

use crate::Settings;

/// What is known about the reader of one response.
#[derive(Clone, Debug, Default)]
pub struct Audience {
    /// The page was asked for whole: by its handler, by HEAD, or by HTTP/1.0, which cannot mark
    /// where a stream was cut.
    pub whole: bool,
    /// The `User-Agent`, looked at only where a page has something to stream.
    pub user_agent: Option<HeaderValue>,
}

impl Audience {
    /// Whether this reader gets the whole page in one piece.
    #[must_use]
    pub fn wants_whole(&self, settings: &Settings) -> bool {
        self.whole
            || self
                .user_agent
                .as_ref()
                .and_then(|agent| agent.to_str().ok())
                .is_some_and(settings.values().is_bot)
    }
}

/// Words by which crawlers and link previews name themselves, in lower case.
const BOTS: [&str; 20] = [
    "archiver",
    "bingpreview",
    "bot",
    "crawl",
    "embedly",
    "externalhit",
    "fetcher",
    "google-inspectiontool",
    "headlessfetch",
    "iframely",
    "lighthouse",
    "mediapartners-google",
    "pinterest",
    "preview",
    "scrap",
    "skypeuripreview",
    "slurp",
    "spider",
    "validator",
    "whatsapp",
];

/// Whether a user agent names itself a crawler, a link preview or a checker.
///
/// The test is for words that such agents carry, `bot` first of all. [`Settings::bots`] replaces
/// it.
///
/// ```
/// use anabranch_engine::is_bot;
///
/// assert!(is_bot("Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)"));
/// assert!(!is_bot("Mozilla/5.0 (X11; Linux x86_64; rv:153.0) Gecko/20100101 Firefox/153.0"));
/// ```
#[must_use]
pub fn is_bot(user_agent: &str) -> bool {
    let agent = user_agent.as_bytes();
    (0..agent.len()).any(|at| {
        // Few letters begin a word of the list, so most positions end here.
        matches!(
            agent[at].to_ascii_lowercase(),
            b'a' | b'b'
                | b'c'
                | b'e'
                | b'f'
                | b'g'
                | b'h'
                | b'i'
                | b'l'
                | b'm'
                | b'p'
                | b's'
                | b'v'
                | b'w'
        ) && !is_cubot(&agent[..at])
            && BOTS.iter().any(|word| {
                agent
                    .get(at..at + word.len())
                    .is_some_and(|found| found.eq_ignore_ascii_case(word.as_bytes()))
            })
    })
}

/// A maker of phones, whose name ends like a crawler's.
fn is_cubot(before: &[u8]) -> bool {
    let start = before.len().saturating_sub(2);
    before[start..].eq_ignore_ascii_case(b"cu")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn crawlers_and_previews_are_told_from_browsers() {
        for bot in [
            "Googlebot/2.1",
            "Mozilla/5.0 (compatible; bingbot/2.0; +http://www.bing.com/bingbot.htm)",
            "facebookexternalhit/1.1",
            "Mozilla/5.0 (compatible; Baiduspider/2.0)",
            "Slackbot-LinkExpanding 1.0",
            "Mozilla/5.0 (compatible; Yahoo! Slurp)",
            "WhatsApp/2.23.20.0",
            "W3C_Validator/1.3",
        ] {
            assert!(is_bot(bot), "{bot}");
        }
        for browser in [
            "",
            "curl/8.5.0",
            "Mozilla/5.0 (Linux; Android 13; CUBOT KINGKONG) AppleWebKit/537.36 Chrome/156.0.0.0 Mobile Safari/537.36",
            "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0 Safari/537.36 Edg/156.0.0.0",
            "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/26.0 Safari/605.1.15",
            "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) SamsungBrowser/29.0 Chrome/136.0.0.0 Mobile Safari/537.36",
        ] {
            assert!(!is_bot(browser), "{browser}");
        }
    }
}
