//! Files that only add to what another one describes: overrides of compose, services that extend one of another file, and
//! the patches of Kustomize. What they add is known where the service is described in full, and they are never taken for it.

use std::collections::BTreeMap;

use super::declared::join;
use super::deployables::folder;
use super::descriptors::base_name;
use crate::facts::{Described, Descriptor, Health, Service, ServiceKind, SourceFile};

/// Lays overrides, extensions and patches over what they belong to.
pub fn lay_over(files: &[SourceFile], descriptors: &mut [Described]) {
    let path = |described: &Described| files.get(described.file.index()).map_or("", |file| file.path.as_str());
    let places: BTreeMap<&str, usize> =
        descriptors.iter().enumerate().map(|(at, described)| (path(described), at)).collect();
    let mut pairs: Vec<(usize, usize)> = Vec::new();
    let mut patches: Vec<usize> = Vec::new();
    let mut extended: Vec<(usize, usize)> = Vec::new();
    for (at, described) in descriptors.iter().enumerate() {
        let own = path(described);
        match &described.descriptor {
            Descriptor::Kustomization { patches: named, .. } => {
                let found = named.iter().filter_map(|name| places.get(join(folder(own), name).as_str()));
                patches.extend(found.copied().filter(|patch| *patch != at));
            }
            Descriptor::Services(services) => {
                let base = bases(own).into_iter().find_map(|base| places.get(base.as_str()).copied());
                pairs.extend(base.filter(|base| *base != at).map(|base| (base, at)));
                for service in services {
                    let Some((file, _)) = &service.extends else { continue };
                    extended.extend(places.get(join(folder(own), file).as_str()).map(|from| (*from, at)));
                }
            }
            _ => {}
        }
    }
    extended.sort_unstable();
    extended.dedup();
    patches.sort_unstable();
    patches.dedup();
    for (base, over) in pairs {
        compose(descriptors, base, over);
    }
    for (from, at) in extended {
        let known = services(descriptors, from);
        let Some(Descriptor::Services(own)) = descriptors.get_mut(at).map(|described| &mut described.descriptor) else {
            continue;
        };
        for service in own.iter_mut() {
            let wanted = service.extends.as_ref().map(|(_, name)| name.clone());
            if let Some(base) = known.iter().find(|base| Some(&base.name) == wanted.as_ref()) {
                let own_image = service.image.is_some() || service.built;
                service.built |= base.built && !own_image;
                supplement(service, base);
            }
        }
    }
    for patch in patches {
        kustomize(descriptors, patch);
    }
}

/// The files that an override may belong to: `docker-compose.prod.yml` to `docker-compose.yml` beside it.
fn bases(path: &str) -> Vec<String> {
    let name = base_name(path);
    let Some(at) = name.find("compose") else { return Vec::new() };
    let rest = &name[at + "compose".len()..];
    let is_base = matches!(rest, ".yml" | ".yaml");
    if is_base || !rest.starts_with(['.', '-', '_']) {
        return Vec::new();
    }
    let above = &path[..path.len() - name.len()];
    ["docker-compose.yml", "docker-compose.yaml", "compose.yml", "compose.yaml"]
        .iter()
        .map(|base| format!("{above}{base}"))
        .collect()
}

fn services(descriptors: &[Described], at: usize) -> Vec<Service> {
    match descriptors.get(at).map(|described| &described.descriptor) {
        Some(Descriptor::Services(services)) => services.clone(),
        _ => Vec::new(),
    }
}

fn compose(descriptors: &mut [Described], base: usize, over: usize) {
    let mut known = services(descriptors, base);
    let mut added = services(descriptors, over);
    for service in &mut added {
        let Some(base) = known.iter_mut().find(|base| base.name == service.name) else { continue };
        supplement(base, service);
        if service.image.is_none() && !service.built {
            service.partial = true;
            service.built = base.built;
            service.context = base.context.clone();
            service.dockerfile = base.dockerfile.clone();
        }
    }
    for (at, services) in [(base, known), (over, added)] {
        if let Some(described) = descriptors.get_mut(at) {
            described.descriptor = Descriptor::Services(services);
        }
    }
}

fn kustomize(descriptors: &mut [Described], patch: usize) {
    let mut added = services(descriptors, patch);
    let workload = |service: &Service| matches!(service.kind, ServiceKind::Kubernetes | ServiceKind::Job);
    if !added.iter().any(workload) {
        return;
    }
    for service in &mut added {
        service.partial = true;
    }
    for (at, described) in descriptors.iter_mut().enumerate() {
        let Descriptor::Services(services) = &mut described.descriptor else { continue };
        for base in services.iter_mut().filter(|base| at != patch && workload(base) && !base.partial) {
            if let Some(more) = added.iter().find(|more| more.name == base.name) {
                supplement(base, more);
            }
        }
    }
    if let Some(described) = descriptors.get_mut(patch) {
        described.descriptor = Descriptor::Services(added);
    }
}

/// What `more` says and the service leaves open. Places stay with the file that they stand in, so what has one is left.
fn supplement(service: &mut Service, more: &Service) {
    if service.health == Health::Unsaid {
        service.health = more.health;
    }
    service.non_root = service.non_root.or(more.non_root);
    service.init |= more.init;
}
