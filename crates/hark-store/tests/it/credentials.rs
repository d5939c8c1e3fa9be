//! Credentials: how long a node may go on with one that another node has revoked.

use hark_store::access::USER;
use hark_store::credentials::{NewToken, TokenType};
use hark_store::testing::{Engine, Scratch};
use hark_store::{Bell, Error, Id, Store, Tx, to_body};
use serde_json::json;

/// A user with a token.
fn sign_in(tx: &mut Tx<'_>) -> hark_store::Result<String> {
    let body = json!({"email": "ada@example.com", "emailKey": "ada@example.com", "type": "default"});
    let user = tx.insert(&USER, to_body(body))?.id;
    let new = NewToken {
        user,
        token_type: TokenType::Session,
        name: "x".to_owned(),
        project: None,
        organisation: None,
        expires_at: None,
    };
    Ok(tx.issue_token(new)?.1)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_revocation_counts_on_every_node_even_if_its_bell_is_lost() {
    let scratch = Scratch::new(Engine::Postgres).await;
    let other =
        Store::open(&scratch.location, scratch.clock.clone(), &scratch.keys()).await.expect("a second node");
    let mut bells = other.bells();
    let operator = scratch.store.operator();
    let token = scratch.store.write(&operator, sign_in).await.expect("a token");
    // All bells before this one have rung on the other node when this one does.
    let ring = |tx: &mut Tx<'_>| {
        tx.ring("last");
        Ok(())
    };
    scratch.store.write(&operator, ring).await.expect("ring");
    let last = Bell::Stream { project: Id::INSTANCE, stream: "last".to_owned() };
    while bells.recv().await.expect("a bell") != last {}

    other.caller(&token).await.expect("the token is good");
    // The node that revokes it dies between its commit and the bell.
    scratch.execute(&operator, "delete from token").await;
    scratch.clock.advance(4_999);
    other.caller(&token).await.expect("what is remembered is used: otherwise this tests nothing");
    scratch.clock.advance(1);
    let refused = other.caller(&token).await;
    assert!(matches!(refused, Err(Error::Unauthenticated(_))), "{refused:?}");
}
