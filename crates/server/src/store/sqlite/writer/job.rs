//! The jobs of the writer, and their answers.

use axum::body::Bytes;
use cruxboard_domain::BoardId;
use tokio::sync::oneshot;

use crate::{
    store::{
        AppendError, AppendOutcome, BoardState, Snapshot, SnapshotScope, WriteError,
        append::{AppendReply, AppendRequest},
    },
    token::{SecretHash, Token},
};

/// The channel for the answer to a job.
pub(in crate::store::sqlite) type Reply<T> = oneshot::Sender<Result<T, WriteError>>;

/// A job for the writer, with the channel for its answer.
pub(in crate::store::sqlite) enum Job {
    Append {
        request: AppendRequest,
        reply: AppendReply,
    },
    MakeToken {
        token: Token,
        hash: SecretHash,
        reply: Reply<()>,
    },
    RevokeToken {
        id: String,
        reply: Reply<bool>,
    },
    StoreSnapshot {
        snapshot: Snapshot,
        content: Bytes,
        reply: Reply<bool>,
    },
    RemoveSnapshot {
        id: String,
        of: SnapshotScope,
        reply: Reply<bool>,
    },
    /// Deletes a board, and answers its previous state.
    DeleteBoard {
        board: BoardId,
        reply: Reply<BoardState>,
    },
    /// Restores a deleted board, and answers its previous state.
    RestoreBoard {
        board: BoardId,
        reply: Reply<BoardState>,
    },
    CollectGarbage {
        reply: Reply<bool>,
    },
    /// Tests whether writes succeed.
    Probe {
        reply: Reply<()>,
    },
    /// Closes the connection after this batch.
    Close {
        reply: Reply<()>,
    },
}

/// The answer to a job, sent once it is durable.
pub(super) enum Answer {
    Added(Result<AppendOutcome, AppendError>),
    StateBefore(BoardState),
    Made,
    Done(bool),
}

impl Job {
    /// Sends the answer. The receiver may be gone.
    pub(super) fn answer(self, answer: Answer) {
        match (self, answer) {
            (Self::Append { reply, .. }, Answer::Added(outcome)) => {
                reply.send(Ok(outcome)).ok();
            }
            (
                Self::DeleteBoard { reply, .. } | Self::RestoreBoard { reply, .. },
                Answer::StateBefore(before),
            ) => {
                reply.send(Ok(before)).ok();
            }
            (Self::MakeToken { reply, .. } | Self::Probe { reply }, Answer::Made) => {
                reply.send(Ok(())).ok();
            }
            (
                Self::RevokeToken { reply, .. }
                | Self::StoreSnapshot { reply, .. }
                | Self::RemoveSnapshot { reply, .. }
                | Self::CollectGarbage { reply },
                Answer::Done(done),
            ) => {
                reply.send(Ok(done)).ok();
            }
            // The receiver of a dropped reply gets an error.
            _ => {}
        }
    }

    /// Answers with an error.
    pub(super) fn fail(self, cause: WriteError) {
        match self {
            Self::Append { reply, .. } => {
                reply.send(Err(cause)).ok();
            }
            Self::MakeToken { reply, .. } | Self::Probe { reply } | Self::Close { reply } => {
                reply.send(Err(cause)).ok();
            }
            Self::DeleteBoard { reply, .. } | Self::RestoreBoard { reply, .. } => {
                reply.send(Err(cause)).ok();
            }
            Self::RevokeToken { reply, .. }
            | Self::StoreSnapshot { reply, .. }
            | Self::RemoveSnapshot { reply, .. }
            | Self::CollectGarbage { reply } => {
                reply.send(Err(cause)).ok();
            }
        }
    }
}
