//! What a journal says that outlived its process: I5 for those who cannot speak for themselves.

use crate::life::{End, Life};
use gangplank_executor::{JournalReader, UnreadableJournal};
use gangplank_model::Address;
use gangplank_model::file::receipts_v1::RecordV1;
use gangplank_sandbox::{Ledger, LedgerRequest};
use std::collections::{BTreeMap, BTreeSet};

/// I5: whatever was done in the instance is on record, and was before it was sent; and what outlived the
/// process can be read.
pub(crate) fn bears_out(life: &Life, ledger: &Ledger) -> Result<(), String> {
    let unrecorded = life.platter.unrecorded();
    if !unrecorded.is_empty() {
        return Err(format!("I5 sent before it was on record: {unrecorded:?}"));
    }
    let mut intended: BTreeMap<(String, String), usize> = BTreeMap::new();
    let journal = life.platter.journal();
    let mut reader = JournalReader::new(journal.as_slice());
    for record in reader.by_ref() {
        match record {
            Ok(RecordV1::Intent { address, route, .. }) => {
                let address: Address = address.parse().map_err(|it| format!("I5 {it}"))?;
                let account = address.account.as_str().to_owned();
                *intended.entry((route, account)).or_default() += 1;
            }
            Ok(
                RecordV1::Header { .. }
                | RecordV1::Outcome { .. }
                | RecordV1::Account { .. }
                | RecordV1::Watched { .. }
                | RecordV1::Wave { .. },
            ) => {}
            // It died or stopped before it wrote anything.
            Err(UnreadableJournal::Empty) => break,
            Err(error) => return Err(format!("I5 the journal does not read: {error}")),
        }
    }
    if reader.torn() > 0 && matches!(life.end, End::Applied { .. }) {
        return Err("I5 a journal that was closed is torn".to_owned());
    }
    let mut done: BTreeMap<(String, String), BTreeSet<u64>> = BTreeMap::new();
    for commit in &ledger.commits {
        let request = ledger
            .requests
            .iter()
            .find(|it| it.number == commit.request);
        // What is answered with 401 is sent again with a new token, as the same attempt.
        let ours = |it: &&LedgerRequest| {
            it.status != Some(401) && it.client.as_deref() == Some(life.client)
        };
        let Some(request) = request.filter(ours) else {
            continue;
        };
        let account = request.account.as_deref();
        let account = account.or(commit.key.split('/').next()).unwrap_or_default();
        let call = (request.route.clone(), account.to_owned());
        done.entry(call).or_default().insert(commit.request);
    }
    for (call, done) in done {
        let intended = intended.get(&call).copied().unwrap_or(0);
        if done.len() > intended {
            let times = done.len();
            return Err(format!(
                "I5 {call:?} was done {times} times, and intended {intended} times"
            ));
        }
    }
    Ok(())
}
