//! Passwords and symmetric encryption.

use super::Table;
use super::derive::derive_password;
use super::random::random;
use crate::args::{bytes, text};
use crate::base;
use crate::exec::Call;
use crate::func::{Answer, Type};
use crate::host::Door;
use crate::value::Value;
use Type::{String as Text, Uint32};
use aes::Aes256;
use cbc::cipher::{BlockModeDecrypt, BlockModeEncrypt, KeyIvInit};

const RANDOM: &[Door] = &[Door::Random];
const BLOCK: usize = 16;
/// bcrypt's cost in sprig: Go's default.
const COST: u32 = 10;

pub(super) fn add(table: &mut Table) {
    table.through(RANDOM, "bcrypt", &[Text], |call, a| {
        Ok(bcrypt(call, bytes(a, 0))?.into())
    });
    table.through(RANDOM, "htpasswd", &[Text, Text], |call, a| {
        let user = text(a, 0);
        if user.contains(':') {
            return Ok(format!("invalid username: {user}").into());
        }
        Ok(format!("{user}:{}", bcrypt(call, bytes(a, 1))?).into())
    });
    table.plain(
        "derivePassword",
        &[Uint32, Text, Text, Text, Text],
        derive_password,
    );
    table.through(RANDOM, "encryptAES", &[Text, Text], encrypt);
    table.plain("decryptAES", &[Text, Text], decrypt);
}

fn bcrypt(call: &Call<'_>, password: &[u8]) -> Result<String, crate::error::Fault> {
    if password.len() > 72 {
        return Ok(
            "failed to encrypt string with bcrypt: bcrypt: password length exceeds 72 bytes"
                .to_owned(),
        );
    }
    let mut salt = [0; 16];
    salt.copy_from_slice(&random(call, 16)?);
    // Hashing is meant to be slow.
    call.charge(500_000)?;
    let parts =
        ::bcrypt::hash_with_salt(password, COST, salt).map_err(|error| error.to_string())?;
    Ok(parts.format_for_version(::bcrypt::Version::TwoA))
}

/// Cut or filled with zeros to 32 bytes, as sprig does.
fn key(password: &[u8]) -> [u8; 32] {
    let mut key = [0; 32];
    for (place, byte) in key.iter_mut().zip(password) {
        *place = *byte;
    }
    key
}

fn encrypt(call: &mut Call<'_>, args: &[Value]) -> Answer {
    let plain = bytes(args, 1);
    if plain.is_empty() {
        return Ok("".into());
    }
    let mut iv = [0; BLOCK];
    iv.copy_from_slice(&random(call, BLOCK)?);
    let padding = BLOCK - plain.len() % BLOCK;
    let mut data = plain.to_vec();
    data.resize(plain.len() + padding, padding as u8);
    let mut cipher = cbc::Encryptor::<Aes256>::new(&key(bytes(args, 0)).into(), &iv.into());
    let mut out = iv.to_vec();
    for chunk in data.chunks_exact(BLOCK) {
        let mut block = [0; BLOCK];
        block.copy_from_slice(chunk);
        let mut block = block.into();
        cipher.encrypt_block(&mut block);
        out.extend_from_slice(&block);
    }
    Ok(base::encode64(&out).into())
}

fn decrypt(_: &mut Call<'_>, args: &[Value]) -> Answer {
    if bytes(args, 1).is_empty() {
        return Ok("".into());
    }
    let data = base::decode64(bytes(args, 1))?;
    let Some((start, body)) = data.split_at_checked(BLOCK) else {
        return Err(format!(
            "runtime error: slice bounds out of range [:16] with capacity {}",
            data.len()
        )
        .into());
    };
    if body.len() % BLOCK != 0 {
        return Err("crypto/cipher: input not full blocks".into());
    }
    let mut iv = [0; BLOCK];
    iv.copy_from_slice(start);
    let mut cipher = cbc::Decryptor::<Aes256>::new(&key(bytes(args, 0)).into(), &iv.into());
    let mut out = Vec::with_capacity(body.len());
    for chunk in body.chunks_exact(BLOCK) {
        let mut block = [0; BLOCK];
        block.copy_from_slice(chunk);
        let mut block = block.into();
        cipher.decrypt_block(&mut block);
        out.extend_from_slice(&block);
    }
    let Some(&padding) = out.last() else {
        return Err("runtime error: index out of range [-1]".into());
    };
    let end = out.len().checked_sub(usize::from(padding));
    let plain = end.and_then(|end| out.get(..end));
    plain
        .map(Value::str)
        .ok_or_else(|| "runtime error: slice bounds out of range".into())
}
