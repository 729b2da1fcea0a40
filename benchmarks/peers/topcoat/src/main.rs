//! The benchmark workloads on topcoat, which sends whole pages: the components of a page wait
//! together, and the page leaves when the last of them is rendered.

mod pages;

use std::{io, net::SocketAddr};

use bench_workloads::server::listener;
use tokio::net::{TcpListener, TcpStream};
use topcoat::router::{Listener, Router, RouterBuilderDiscoverExt};

#[tokio::main]
async fn main() -> io::Result<()> {
    let router = Router::builder().discover().build();
    topcoat::serve(WithoutDelay(listener().await?), router).await
}

/// Sets `TCP_NODELAY`, as the other servers do.
struct WithoutDelay(TcpListener);

impl Listener for WithoutDelay {
    type Io = TcpStream;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> io::Result<(TcpStream, SocketAddr)> {
        let accepted = self.0.accept().await?;
        // A socket that refuses the option is slower, not wrong.
        let _ = accepted.0.set_nodelay(true);
        Ok(accepted)
    }
}
