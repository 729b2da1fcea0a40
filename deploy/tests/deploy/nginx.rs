//! nginx, in a folder of its own.

use std::env;
use std::fs;
use std::io::{BufRead, BufReader};
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;

use rustix::process::{Pid, Signal, kill_process};
use tempfile::TempDir;

/// A running nginx, stopped when dropped.
pub(crate) struct Nginx {
    /// Where it listens.
    pub(crate) address: String,
    process: Child,
    _folder: TempDir,
}

impl Nginx {
    /// Starts nginx. `http` is what its configuration says in `http { … }`, made for the address
    /// at which it shall listen. `None` where there is no nginx.
    pub(crate) fn start(http: impl FnOnce(&str) -> String) -> Option<Self> {
        let Some(program) = find() else {
            eprintln!("nothing is checked: there is no nginx here");
            return None;
        };
        let folder = tempfile::tempdir().expect("a folder for temporary files");
        let address = free_address();
        let file = folder.path().join("nginx.conf");
        let configuration = configuration(folder.path(), &http(&address));
        fs::write(&file, configuration).expect("the folder is writable");
        let mut process = Command::new(program)
            .args(["-e", "stderr", "-p"])
            .arg(folder.path())
            .arg("-c")
            .arg(&file)
            .stderr(Stdio::piped())
            .spawn()
            .expect("nginx can be started");
        let stderr = process.stderr.take().expect("it is piped");
        let nginx = Self {
            address,
            process,
            _folder: folder,
        };
        let mut said = String::new();
        let mut lines = BufReader::new(stderr).lines().map_while(Result::ok);
        // Its master has bound the address before.
        let started = lines.by_ref().any(|line| {
            said.push_str(&line);
            said.push('\n');
            line.contains("start worker process ")
        });
        assert!(started, "nginx has ended: {said}");
        // What it says later shows when a test fails.
        thread::spawn(move || lines.for_each(|line| eprintln!("{line}")));
        Some(nginx)
    }
}

impl Drop for Nginx {
    fn drop(&mut self) {
        // The master ends its workers. It may have ended by itself.
        let _ = kill_process(Pid::from_child(&self.process), Signal::TERM);
        let _ = self.process.wait();
    }
}

/// What a package's own configuration holds around `http`, with all files in one folder. Where
/// something has a default, it is the default.
fn configuration(folder: &Path, http: &str) -> String {
    let folder = folder.display();
    format!(
        "daemon off;
         pid {folder}/pid;
         error_log stderr notice;
         events {{}}
         http {{
             access_log off;
             client_body_temp_path {folder}/body;
             proxy_temp_path {folder}/proxy;
             fastcgi_temp_path {folder}/fastcgi;
             uwsgi_temp_path {folder}/uwsgi;
             scgi_temp_path {folder}/scgi;
             {http}
         }}"
    )
}

fn find() -> Option<PathBuf> {
    let path = env::var_os("PATH").unwrap_or_default();
    let folders = env::split_paths(&path).chain([PathBuf::from("/usr/sbin")]);
    let mut programs = folders.map(|folder| folder.join("nginx"));
    programs.find(|program| program.is_file())
}

fn free_address() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let address = listener.local_addr().expect("it is bound");
    address.to_string()
}
