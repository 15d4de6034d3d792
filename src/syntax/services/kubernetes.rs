//! The containers of Kubernetes workloads, Helm templates and Kustomize patches among them.

use super::{command, service};
use crate::facts::{Descriptor, Entry, Health, Mount, Name, Service, ServiceKind, Span};

/// The containers of all workloads of a file; documents are read one by one.
pub fn workloads(text: &str, entries: &[Entry]) -> Vec<Service> {
    let mut found = Vec::new();
    let mut starts = vec![0];
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        if line.starts_with("---") {
            starts.push(at);
        }
        at += line.len();
    }
    for (index, start) in starts.iter().enumerate() {
        let end = starts.get(index + 1).copied().unwrap_or(usize::MAX);
        let inside: Vec<&Entry> =
            entries.iter().filter(|entry| (*start..end).contains(&(entry.span.start as usize))).collect();
        document(&inside, &mut found);
    }
    found
}

/// What a kustomization lays over the workloads that other files describe: the files of its patches, and other images.
pub fn kustomization(entries: &[Entry]) -> Descriptor {
    let mut patches = Vec::new();
    let mut images: Vec<Service> = Vec::new();
    let mut current = "";
    for entry in entries {
        let parts: Vec<&str> = entry.key.split('.').collect();
        match parts.as_slice() {
            // Text in several lines is a patch itself.
            ["patchesStrategicMerge", _] if !entry.value.contains('\n') => patches.push(entry.value.clone()),
            ["patches" | "patchesJson6902", _, "path"] => patches.push(entry.value.clone()),
            ["images", number, field] => {
                if current != *number {
                    current = number;
                    let mut image = service("", ServiceKind::Kubernetes, entry.span);
                    image.partial = true;
                    images.push(image);
                }
                let Some(image) = images.last_mut() else { continue };
                match *field {
                    "name" => {
                        image.name = entry.value.clone();
                        image.image.get_or_insert((entry.value.clone(), entry.span));
                    }
                    "newName" => image.image = Some((entry.value.clone(), entry.span)),
                    "newTag" => {
                        let name = image.image.take().map_or_else(Name::default, |(name, _)| name);
                        image.image = Some((Name::from(format!("{name}:{}", entry.value)), entry.span));
                    }
                    _ => {}
                }
            }
            _ => {}
        }
    }
    // Without a tag of its own it keeps the one that the workload names.
    images.retain(|image| image.image.as_ref().is_some_and(|(name, _)| name.contains(':')));
    Descriptor::Kustomization { patches, images }
}

fn document(entries: &[&Entry], found: &mut Vec<Service>) {
    let Some(kind) = entries.iter().find(|entry| entry.key == "kind") else { return };
    let kind = match kind.value.as_str() {
        "Deployment"
        | "StatefulSet"
        | "DaemonSet"
        | "ReplicaSet"
        | "ReplicationController"
        | "Pod"
        | "DeploymentConfig"
        | "Rollout" => ServiceKind::Kubernetes,
        "Job" | "CronJob" => ServiceKind::Job,
        _ => return,
    };
    let mut pod = "";
    let first = found.len();
    let mut lines: Vec<(Vec<(Name, Span)>, bool)> = Vec::new();
    let mut current = "";
    let mut mounted: Vec<(usize, Name, Name)> = Vec::new();
    let mut mount_name = Name::default();
    let mut mount_path = Name::default();
    for entry in entries {
        let Some(at) = entry.key.find("containers.").filter(|at| *at == 0 || entry.key.as_bytes()[at - 1] == b'.')
        else {
            continue;
        };
        let rest = &entry.key[at + "containers.".len()..];
        let Some((number, field)) = rest.split_once('.') else { continue };
        let id = &entry.key[..at + "containers.".len() + number.len()];
        if id != current {
            current = id;
            pod = entry.key[..at].trim_end_matches('.');
            found.push(service(number, kind, Span { end_line: entry.span.line, ..entry.span }));
            lines.push((Vec::new(), true));
        }
        let own = found.len() - 1;
        let (head, tail) = field.split_once('.').unwrap_or((field, ""));
        let container = &mut found[own];
        match head {
            "name" => container.name = entry.value.clone(),
            "image" => container.image = Some((entry.value.clone(), entry.span)),
            "ports" if tail.ends_with("containerPort") => {
                container.ports.extend(entry.value.parse().ok().map(|port| (port, entry.span)));
            }
            "command" | "args" => {
                if let Some((parts, _)) = lines.last_mut() {
                    parts.push((entry.value.clone(), entry.span));
                }
            }
            "env" if tail.ends_with(".name") && !tail.contains("valueFrom") => {
                container.environment.push((entry.value.clone(), Name::default(), entry.span));
            }
            "env" if tail.ends_with(".value") => {
                if let Some(variable) = container.environment.last_mut() {
                    variable.1 = entry.value.clone();
                }
            }
            "livenessProbe" | "readinessProbe" | "startupProbe" => container.health = Health::Checked,
            "securityContext" if tail == "runAsNonRoot" => container.non_root = Some(entry.value == "true"),
            "securityContext" if tail == "runAsUser" => container.user = Some((entry.value.clone(), entry.span)),
            "volumeMounts" => {
                match tail.rsplit('.').next().unwrap_or("") {
                    "name" => mount_name = entry.value.clone(),
                    "mountPath" => mount_path = entry.value.clone(),
                    _ => {}
                }
                if !mount_name.is_empty() && !mount_path.is_empty() {
                    mounted.push((own, std::mem::take(&mut mount_name), std::mem::take(&mut mount_path)));
                }
            }
            _ => {}
        }
    }
    for (container, (parts, is_list)) in found[first..].iter_mut().zip(&lines) {
        container.command = command(parts, *is_list);
    }
    pod_level(entries, pod, &mut found[first..], first, &mounted);
}

/// What the pod says for all its containers: user, and directories of the host.
fn pod_level(entries: &[&Entry], pod: &str, containers: &mut [Service], first: usize, mounted: &[(usize, Name, Name)]) {
    let mut volume = Name::default();
    for entry in entries {
        let rest = match pod {
            "" => Some(entry.key.as_str()),
            pod => entry.key.strip_prefix(pod).and_then(|rest| rest.strip_prefix('.')),
        };
        let Some(rest) = rest else { continue };
        match rest {
            "securityContext.runAsNonRoot" => {
                for container in containers.iter_mut() {
                    container.non_root = container.non_root.or(Some(entry.value == "true"));
                }
            }
            "securityContext.runAsUser" => {
                for container in containers.iter_mut() {
                    if container.user.is_none() {
                        container.user = Some((entry.value.clone(), entry.span));
                    }
                }
            }
            _ if rest.starts_with("volumes.") && rest.ends_with(".name") => volume = entry.value.clone(),
            _ if rest.starts_with("volumes.") && rest.ends_with("hostPath.path") => {
                let uses = mounted.iter().filter(|(_, name, _)| *name == volume);
                let mut used = false;
                for (own, _, target) in uses {
                    if let Some(container) = own.checked_sub(first).and_then(|own| containers.get_mut(own)) {
                        used = true;
                        let mount =
                            Mount { source: entry.value.clone(), target: target.clone(), host: true, span: entry.span };
                        container.mounts.push(mount);
                    }
                }
                if !used && let Some(container) = containers.first_mut() {
                    let mount = Mount { source: entry.value.clone(), host: true, span: entry.span, ..Mount::default() };
                    container.mounts.push(mount);
                }
            }
            _ => {}
        }
    }
    for (own, name, target) in mounted {
        let Some(container) = own.checked_sub(first).and_then(|own| containers.get_mut(own)) else { continue };
        if !container.mounts.iter().any(|mount| mount.target == *target) {
            let span = container.span;
            container.mounts.push(Mount { source: name.clone(), target: target.clone(), host: false, span });
        }
    }
}
