//! Encryption, by the browser's own implementation: AES-GCM, with a key that PBKDF2 works out of a
//! passphrase or that is drawn at random.
//!
//! Only GCM itself can say that a secret is wrong: a damaged parcel fails its checksum before.

use cruxboard_domain::snapshot::link::{Lock, NONCE, Parcel, SALT, from_base64, to_base64};
use js_sys::{Array, Object, Reflect, Uint8Array};
use leptos::prelude::window;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{CryptoKey, SubtleCrypto};

/// How often PBKDF2 goes round: what OWASP asks of it with SHA-256 (2023).
const ROUNDS: u32 = 600_000;
/// More than that would only be asked for to keep a reader waiting.
const MOST_ROUNDS: u32 = 5_000_000;
const KEY: usize = 32;

/// Why something was not locked or unlocked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LockProblem {
    /// Browsers encrypt on safe connections only.
    #[error(
        "This browser encrypts only on https or on this computer. Open Cruxboard that way, or hand over a file by a way you trust."
    )]
    NoCrypto,
    /// The parcel is whole, so it is the secret that is wrong.
    #[error(
        "That is not the passphrase or key this was locked with. The snapshot itself arrived whole: try again."
    )]
    WrongSecret,
    /// It asks for more work than anybody needs.
    #[error("This snapshot was locked in a way that Cruxboard never uses. Nothing of it is shown.")]
    Strange,
}

/// Locks what was folded: with `passphrase`, or with a new key when there is none. The second text
/// is that key.
///
/// # Errors
/// [`LockProblem::NoCrypto`]
pub async fn seal(
    content: &[u8],
    passphrase: Option<&str>,
) -> Result<(Parcel, String), LockProblem> {
    let nonce = random::<NONCE>()?;
    let (lock, secret, key) = match passphrase {
        Some(passphrase) => {
            let salt = random::<SALT>()?;
            let lock = Lock::Passphrase {
                salt,
                rounds: ROUNDS,
                nonce,
            };
            (lock, passphrase.to_owned(), String::new())
        }
        None => {
            let key = to_base64(&random::<KEY>()?);
            (Lock::Key { nonce }, key.clone(), key)
        }
    };
    let key_of = key_for(lock, &secret).await.ok_or(LockProblem::NoCrypto)?;
    let sealed = turned(&key_of, &nonce, content, true).await;
    let content = sealed.ok_or(LockProblem::NoCrypto)?;
    Ok((Parcel { lock, content }, key))
}

/// What was locked.
///
/// # Errors
/// [`LockProblem`] says why it stays locked.
pub async fn unseal(parcel: &Parcel, secret: &str) -> Result<Vec<u8>, LockProblem> {
    let nonce = match parcel.lock {
        Lock::Open => return Ok(parcel.content.clone()),
        Lock::Passphrase { rounds, .. } if !(1..=MOST_ROUNDS).contains(&rounds) => {
            return Err(LockProblem::Strange);
        }
        Lock::Passphrase { nonce, .. } | Lock::Key { nonce } => nonce,
    };
    subtle().ok_or(LockProblem::NoCrypto)?;
    let key = key_for(parcel.lock, secret)
        .await
        .ok_or(LockProblem::WrongSecret)?;
    let opened = turned(&key, &nonce, &parcel.content, false).await;
    opened.ok_or(LockProblem::WrongSecret)
}

fn random<const N: usize>() -> Result<[u8; N], LockProblem> {
    let mut bytes = [0; N];
    let crypto = window().crypto().or(Err(LockProblem::NoCrypto))?;
    crypto
        .get_random_values_with_u8_array(&mut bytes)
        .or(Err(LockProblem::NoCrypto))?;
    Ok(bytes)
}

/// Absent where the page did not come over a safe connection.
fn subtle() -> Option<SubtleCrypto> {
    let crypto = window().crypto().ok()?;
    let subtle = Reflect::get(&crypto, &"subtle".into()).ok()?;
    (!subtle.is_undefined()).then(|| subtle.unchecked_into())
}

fn object(fields: &[(&str, JsValue)]) -> Object {
    let object = Object::new();
    for (name, value) in fields {
        // Setting a field of a new object cannot fail.
        drop(Reflect::set(&object, &(*name).into(), value));
    }
    object
}

async fn key_for(lock: Lock, secret: &str) -> Option<CryptoKey> {
    let subtle = subtle()?;
    let uses: JsValue = Array::of2(&"encrypt".into(), &"decrypt".into()).into();
    let key = match lock {
        Lock::Passphrase { salt, rounds, .. } => {
            let base = subtle
                .import_key_with_str(
                    "raw",
                    &Uint8Array::from(secret.as_bytes()),
                    "PBKDF2",
                    false,
                    &Array::of1(&"deriveKey".into()),
                )
                .ok()?;
            let base: CryptoKey = base.await.ok()?.unchecked_into();
            let how = object(&[
                ("name", "PBKDF2".into()),
                ("hash", "SHA-256".into()),
                ("salt", Uint8Array::from(&salt[..]).into()),
                ("iterations", rounds.into()),
            ]);
            let what = object(&[("name", "AES-GCM".into()), ("length", 256.into())]);
            subtle
                .derive_key_with_object_and_object(&how, &base, &what, false, &uses)
                .ok()?
        }
        _ => {
            let bytes = from_base64(secret);
            let bytes = Uint8Array::from(&bytes[..]);
            subtle
                .import_key_with_str("raw", &bytes, "AES-GCM", false, &uses)
                .ok()?
        }
    };
    Some(key.await.ok()?.unchecked_into())
}

async fn turned(key: &CryptoKey, nonce: &[u8], content: &[u8], locks: bool) -> Option<Vec<u8>> {
    let subtle = subtle()?;
    let how = object(&[
        ("name", "AES-GCM".into()),
        ("iv", Uint8Array::from(nonce).into()),
    ]);
    let turning = if locks {
        subtle.encrypt_with_object_and_u8_array(&how, key, content)
    } else {
        subtle.decrypt_with_object_and_u8_array(&how, key, content)
    };
    let turned = turning.ok()?.await.ok()?;
    Some(Uint8Array::new(&turned).to_vec())
}
