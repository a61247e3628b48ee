//! Encryption by the browser: AES-GCM, with a random key or one derived from a passphrase by
//! PBKDF2.
//!
//! A failure of GCM means a wrong secret, since a damaged parcel already fails its checksum.

use cruxboard_domain::snapshot::link::{Folded, Lock, NONCE, Parcel, SALT, from_base64, to_base64};
use cruxboard_domain::t;
use js_sys::{Array, Object, Reflect, Uint8Array};
use leptos::prelude::window;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{CryptoKey, SubtleCrypto};

/// Number of PBKDF2 iterations: OWASP's recommendation for SHA-256 (2023).
const ROUNDS: u32 = 600_000;
/// Maximum number of iterations. A parcel that asks for more is meant to keep the reader waiting.
const MOST_ROUNDS: u32 = 5_000_000;
const KEY: usize = 32;

/// The reason why encryption or decryption failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LockProblem {
    /// The page did not come over a secure connection, which browsers require for encryption.
    #[error("{}", t!("This browser encrypts only on https or on this computer. Open Cruxboard that way, or hand over a file by a way you trust."))]
    NoCrypto,
    /// The passphrase or key is wrong; the parcel itself is undamaged.
    #[error("{}", t!("That is not the passphrase or key this was locked with. The snapshot itself arrived whole: try again."))]
    WrongSecret,
    /// The parcel asks for more iterations than `MOST_ROUNDS`.
    #[error("{}", t!("This snapshot was locked in a way that Cruxboard never uses. Nothing of it is shown."))]
    Strange,
}

/// Encrypts `content` with `passphrase`, or with a new random key if there is none. The second
/// result is that key; empty with a passphrase.
///
/// # Errors
/// [`LockProblem::NoCrypto`] if the browser offers no encryption.
pub async fn seal(
    content: &Folded,
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
    let sealed = turned_both(&key_of, &nonce, content, true).await;
    let content = sealed.ok_or(LockProblem::NoCrypto)?;
    Ok((Parcel { lock, content }, key))
}

/// Decrypts a parcel.
///
/// # Errors
/// [`LockProblem`] if it cannot be decrypted.
pub async fn unseal(parcel: &Parcel, secret: &str) -> Result<Folded, LockProblem> {
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
    let opened = turned_both(&key, &nonce, &parcel.content, false).await;
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

/// `None` if the page did not come over a secure connection.
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

/// Encrypts or decrypts both parts. The nonce of the extension is that of the base with its last bit flipped.
/// It is never reused with the same key, since each parcel has a key of its own, random or derived with a
/// random salt.
async fn turned_both(
    key: &CryptoKey,
    nonce: &[u8; NONCE],
    content: &Folded,
    locks: bool,
) -> Option<Folded> {
    let base = turned(key, nonce, &content.base, locks).await?;
    let extension = match content.extension.as_slice() {
        [] => Vec::new(),
        extension => {
            let mut nonce = *nonce;
            nonce[NONCE - 1] ^= 1;
            turned(key, &nonce, extension, locks).await?
        }
    };
    Some(Folded { base, extension })
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
